"""The terms of the lesson and what each means, in the lesson's own notation."""

from typing import NamedTuple


class Entry(NamedTuple):
    """A term: its meaning in a sentence or two, and the forms in which it occurs.

    forms  a regular expression; "" for the term itself and its plural
    """

    meaning: str
    forms: str = ""


WORDS = {
    "accuracy": Entry(
        "The share of rows predicted correctly; a probability above 0.5 counts as yes.",
    ),
    "batch": Entry(
        "The rows that one step of gradient descent uses. The full batch is all training rows; "
        "smaller ones are cut from the rows, shuffled anew in every epoch.",
        forms=r"batch(es)?",
    ),
    "capacity": Entry(
        "How complex a function a network can represent. More units and layers give more.",
    ),
    "cross-validation": Entry(
        "The training rows are cut into folds. Each fold serves as the validation set once, "
        "and the scores are averaged.",
        forms=r"cross-validat\w+|folds?",
    ),
    "dropout": Entry(
        "In every training pass each hidden unit is silenced with probability p.",
    ),
    "early stopping": Entry(
        "Stop when the validation loss has not improved for a while, and go back to the best "
        "weights.",
        forms=r"early stopping|stops? early",
    ),
    "epoch": Entry(
        "One pass over all training rows. With the full batch that is one step.",
    ),
    "evaluation mode": Entry(
        "The network as it is used to predict: no mask, all units active.",
    ),
    "gap": Entry(
        "Training accuracy minus the accuracy on rows that the network never saw.",
    ),
    "gradient": Entry(
        "The slope of the loss along every weight, ∂L/∂W. Gradient descent steps against it.",
        forms=r"gradients?|∂L/∂W",
    ),
    "hidden unit": Entry(
        "It adds up its inputs, each times a weight, plus a bias, and passes the sum on if it is "
        "positive (ReLU).",
        forms=r"(hidden )?units?",
    ),
    "interval": Entry(
        "A 95 % confidence interval comes from a procedure that covers the true value in 95 of "
        "100 repetitions of the whole experiment.",
        forms=r"(95 % )?interval",
    ),
    "keep probability": Entry(
        "1 − p, the probability that a hidden unit stays active in a training pass. Its output is "
        "then multiplied by 1/(1 − p), which keeps the next layer's input the same on average.",
    ),
    "L2": Entry(
        "Weight decay: a penalty on large weights, J = L + (λ/2) ΣW². Its gradient λW shrinks "
        "every weight a little in each step.",
    ),
    "λ": Entry(
        "The strength of L2. At 0 there is no penalty; if it is too large, the network underfits.",
    ),
    "learning rate": Entry(
        "η, the step size: W ← W − η ∂J/∂W. If it is too large, the loss jumps or diverges.",
    ),
    "logit": Entry(
        "z, the input of the final sigmoid: the probability is 1/(1 + e⁻ᶻ), so z = 0 means 0.5.",
    ),
    "loss": Entry(
        "Cross-entropy: the mean of −[y log ŷ + (1 − y) log(1 − ŷ)]. Confident and right costs "
        "little, confident and wrong a lot.",
        forms=r"loss(es)?",
    ),
    "mask": Entry(
        "A random factor for each hidden unit: 0 if it is dropped, 1/(1 − p) if it is kept.",
    ),
    "memorize": Entry(
        "To overfit: to learn the training rows one by one, noise included, instead of the pattern "
        "they share.",
        forms=r"memoriz\w+|overfit\w*|by heart",
    ),
    "min_delta": Entry(
        "An improvement counts only if the loss falls below the best one minus min_delta.",
    ),
    "momentum": Entry(
        "μ, the share of the velocity kept in each step: v ← μv + ∂J/∂W, then W ← W − ηv.",
    ),
    "parameter": Entry(
        "A number that training adjusts: a weight or a bias.",
    ),
    "patience": Entry(
        "The number of epochs without improvement after which early stopping ends the training.",
    ),
    "penalty": Entry(
        "(λ/2) ΣW², which L2 adds to the loss. Biases are not penalized.",
        forms=r"penalty",
    ),
    "regularization": Entry(
        "Methods that keep a network from memorizing without reducing its capacity: L2, dropout, "
        "early stopping.",
        forms=r"regulari[sz]\w+",
    ),
    "restore": Entry(
        "To go back to the weights of the best epoch once training has stopped.",
        forms=r"restor\w+",
    ),
    "seed": Entry(
        "The number that initializes a random generator: the same seed gives the same numbers.",
    ),
    "split": Entry(
        "One random division of the rows into a training and a test set.",
    ),
    "standard error": Entry(
        "How far a mean of random draws typically is from the true mean: the standard deviation "
        "of the draws divided by the square root of their number.",
    ),
    "standardize": Entry(
        "To subtract the mean of a column and divide by its standard deviation, both taken "
        "from the training rows only.",
        forms=r"standardi[sz]\w+",
    ),
    "test set": Entry(
        "Rows held out to evaluate the finished network. No choice may depend on them.",
    ),
    "training mode": Entry(
        "The network during training: a fresh mask in every pass.",
    ),
    "underfit": Entry(
        "To miss even the pattern that the training rows share: too little capacity, or too much "
        "regularization.",
        forms=r"underfit\w*",
    ),
    "validation set": Entry(
        "Rows set aside from the training rows for choosing a λ, an epoch or a run.",
        forms=r"validation (set|patients|rows)",
    ),
}


def meaning(name: str) -> str:
    """Return the meaning of a term. Raises KeyError if it has no entry."""
    return WORDS[name].meaning
