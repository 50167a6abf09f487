"""The terms of the lesson and what each means, in the lesson's own notation."""

WORDS = {
    "accuracy": "The share of rows predicted correctly; a probability above 0.5 counts as yes.",
    "batch": "The rows that one step of gradient descent uses. The full batch is all training "
    "rows; smaller ones are cut from the rows, shuffled anew in every epoch.",
    "capacity": "How complex a function a network can represent. More units and layers give more.",
    "cross-validation": "The training rows are cut into folds. Each fold serves as the validation "
    "set once, and the scores are averaged.",
    "dropout": "In every training pass each hidden unit is silenced with probability p.",
    "early stopping": "Stop when the validation loss has not improved for a while, and go back to "
    "the best weights.",
    "epoch": "One pass over all training rows. With the full batch that is one step.",
    "evaluation mode": "The network as it is used to predict: no mask, all units active.",
    "gap": "Training accuracy minus the accuracy on rows that the network never saw.",
    "gradient": "The slope of the loss along every weight, ∂L/∂W. Gradient descent steps against "
    "it.",
    "hidden unit": "It adds up its inputs, each times a weight, plus a bias, and passes the sum on "
    "if it is positive (ReLU).",
    "interval": "A 95 % confidence interval comes from a procedure that covers the true value in "
    "95 of 100 repetitions of the whole experiment.",
    "keep probability": "1 − p, the probability that a hidden unit stays active in a training "
    "pass. Its output is then multiplied by 1/(1 − p), which keeps the next layer's input the same "
    "on average.",
    "L2": "Weight decay: a penalty on large weights, J = L + (λ/2) ΣW². Its gradient λW shrinks "
    "every weight a little in each step.",
    "λ": "The strength of L2. At 0 there is no penalty; if it is too large, the network underfits.",
    "learning rate": "η, the step size: W ← W − η ∂J/∂W. If it is too large, the loss jumps or "
    "diverges.",
    "logit": "z, the input of the final sigmoid: the probability is 1/(1 + e⁻ᶻ), so z = 0 means "
    "0.5.",
    "loss": "Cross-entropy: the mean of −[y log ŷ + (1 − y) log(1 − ŷ)]. Confident and right costs "
    "little, confident and wrong a lot.",
    "mask": "A random factor for each hidden unit: 0 if it is dropped, 1/(1 − p) if it is kept.",
    "memorize": "To overfit: to learn the training rows one by one, noise included, instead of the "
    "pattern they share.",
    "min_delta": "An improvement counts only if the loss falls below the best one minus min_delta.",
    "momentum": "μ, the share of the velocity kept in each step: v ← μv + ∂J/∂W, then W ← W − ηv.",
    "parameter": "A number that training adjusts: a weight or a bias.",
    "patience": "The number of epochs without improvement after which early stopping ends the "
    "training.",
    "penalty": "(λ/2) ΣW², which L2 adds to the loss. Biases are not penalized.",
    "regularization": "Methods that keep a network from memorizing without reducing its capacity: "
    "L2, dropout, early stopping.",
    "restore": "To go back to the weights of the best epoch once training has stopped.",
    "seed": "The number that initializes a random generator: the same seed gives the same numbers.",
    "split": "One random division of the rows into a training and a test set.",
    "standard error": "How far a mean of random draws typically is from the true mean: the "
    "standard deviation of the draws divided by the square root of their number.",
    "standardize": "To subtract the mean of a column and divide by its standard deviation, both "
    "taken from the training rows only.",
    "test set": "Rows held out to evaluate the finished network. No choice may depend on them.",
    "training mode": "The network during training: a fresh mask in every pass.",
    "underfit": "To miss even the pattern that the training rows share: too little capacity, or "
    "too much regularization.",
    "validation set": "Rows set aside from the training rows for choosing a λ, an epoch or a run.",
}
# the forms in which a term occurs, where they are more than itself and its plural
FORMS = {
    "batch": r"batch(es)?",
    "cross-validation": r"cross-validat\w+|folds?",
    "early stopping": r"early stopping|stops? early",
    "gradient": r"gradients?|∂L/∂W",
    "hidden unit": r"(hidden )?units?",
    "interval": r"(95 % )?interval",
    "loss": r"loss(es)?",
    "memorize": r"memoriz\w+|overfit\w*|by heart",
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
