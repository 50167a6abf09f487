"""The terms of the lesson and what each means, in the lesson's own notation."""

WORDS = {
    "accuracy": "The fraction of rows classified correctly; a probability above 0.5 counts as yes.",
    "batch": "The rows that one step of gradient descent uses. The full batch is all training "
    "rows. For smaller batches, the rows are shuffled and split again in every epoch.",
    "capacity": "How complex a function a network can represent. More units and layers give more.",
    "cross-validation": "The training rows are split into folds. Each fold is the validation "
    "set once, and the scores are averaged.",
    "dropout": "In every training pass each hidden unit is dropped (set to 0) with probability p.",
    "early stopping": "Training stops when validation loss has not improved for a while, and "
    "the best weights are restored.",
    "epoch": "One pass over all training rows. With the full batch that is one step.",
    "evaluation mode": "The network as it is used to predict: no mask, every unit active.",
    "flipped labels": "Some training labels, picked at random, are switched to the opposite: the "
    "network is told a lie about those rows. Validation and test labels stay true.",
    "gap": "Training accuracy minus the accuracy on rows that the network never saw.",
    "generalize": "To predict well on new rows, not only on those it was trained on.",
    "gradient": "The slope of the loss with respect to each weight, ∂L/∂W. Gradient descent "
    "steps against it.",
    "hidden unit": "A node that computes the weighted sum of its inputs plus a bias, and sets it "
    "to 0 if it is negative (ReLU).",
    "interval": "A 95% confidence interval comes from a procedure that captures the true value "
    "in about 95 of 100 repetitions of the whole experiment.",
    "probability of dropping": "p, for each hidden unit in each training pass. The lesson uses "
    "the keep probability, 1 − p.",
    "L2": "Weight decay: a penalty on large weights, J = L + (λ/2) ΣW². Its gradient λW "
    "shrinks every weight a little in each step.",
    "λ": "The strength of L2. At 0 there is no penalty; if it is too large, the network underfits.",
    "learning rate": "η, the step size: W ← W − η ∂J/∂W. If it is too large, the loss jumps or "
    "diverges.",
    "logit": "z, the input of the final sigmoid: the probability is 1/(1 + e⁻ᶻ), so z = 0 "
    "means 0.5.",
    "loss": "Cross-entropy: the mean of −[y log ŷ + (1 − y) log(1 − ŷ)]. Confident and right "
    "is cheap, confident and wrong is expensive.",
    "mask": "A random factor for each hidden unit: 0 if it is dropped, 1/(1 − p) if it is kept.",
    "memorize": "To overfit: to learn the training rows one by one, noise included, instead of "
    "the pattern in them.",
    "min_delta": "An epoch counts as an improvement only if it lowers the best loss by more "
    "than min_delta.",
    "momentum": "μ, the fraction of the velocity kept in each step: v ← μv + ∂J/∂W, then W ← W "
    "− ηv.",
    "parameter": "A number that training adjusts: a weight or a bias.",
    "patience": "How many epochs early stopping waits for an improvement before it ends training.",
    "penalty": "(λ/2) ΣW², which L2 adds to the loss. Biases are not penalized.",
    "regularization": "Anything that keeps a network from memorizing without reducing its "
    "capacity: L2, dropout and early stopping.",
    "restore": "To go back to the weights of the best epoch once training has stopped.",
    "seed": "The number that starts a random number generator: the same seed gives the same "
    "numbers.",
    "split": "One random division of the rows into a training and a test set.",
    "standard error": "How far a mean of random draws typically is from the true mean: the "
    "standard deviation of the draws divided by the square root of their number.",
    "standardize": "To subtract the mean of a column and divide by its standard deviation, "
    "both taken from the training rows only.",
    "test set": "Rows held out to evaluate the finished network. Never use them to choose "
    "anything.",
    "training mode": "The network during training: a fresh mask in every pass.",
    "underfit": "To miss even the pattern in the training rows: too little capacity, or too "
    "much regularization.",
    "validation set": "Rows set aside from the training rows to choose a λ, an epoch or a run.",
}
# the forms in which a term occurs, where they are more than itself and its plural
FORMS = {
    "batch": r"batch(es)?",
    "cross-validation": r"cross-validat\w+|folds?",
    "early stopping": r"early stopping|stops? early",
    "generalize": r"generaliz\w+",
    "gradient": r"gradients?|∂L/∂W",
    "hidden unit": r"(hidden )?units?",
    "interval": r"(95% )?interval",
    "loss": r"loss(es)?",
    "memorize": r"memoriz\w+|overfit\w*",
    "penalty": r"penalty",
    "regularization": r"regulari[sz]\w+",
    "restore": r"restor\w+",
    "standardize": r"standardi[sz]\w+",
    "underfit": r"underfit\w*",
    "validation set": r"validation (set|patients|rows)",
}


def meaning(name: str) -> str:
    """Return the meaning of a term. Raises KeyError if it has no entry."""
    return WORDS[name]
