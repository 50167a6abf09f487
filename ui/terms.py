"""The terms of the lesson and what each means, in the lesson's own notation."""

from typing import NamedTuple


class Entry(NamedTuple):
    """A word: its meaning in a sentence or two, and how it is met in a text.

    forms  a regular expression; "" for the word itself and its plural
    """

    meaning: str
    forms: str = ""


WORDS = {
    "accuracy": Entry(
        "The share of rows that are predicted right; a probability above 0.5 counts as yes.",
    ),
    "batch": Entry(
        "The rows that one step of the descent looks at. The full batch is all training rows; "
        "smaller ones are cut from the rows shuffled anew in every epoch.",
        forms=r"batch(es)?",
    ),
    "capacity": Entry(
        "How complicated a rule a network can follow. More units and layers give more.",
    ),
    "cross-validation": Entry(
        "The training rows are cut into folds. Each fold is the validation set once, and the "
        "scores are averaged.",
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
        "The network as it is used: no mask, and every unit at work.",
    ),
    "gap": Entry(
        "Training accuracy minus the accuracy on rows that the network never saw.",
    ),
    "gradient": Entry(
        "The slope of the loss along every weight, ∂L/∂W. The descent steps against it.",
        forms=r"gradients?|∂L/∂W",
    ),
    "hidden unit": Entry(
        "It adds up its inputs, each times a weight, and passes the sum on where that is "
        "positive (ReLU).",
        forms=r"(hidden )?units?",
    ),
    "interval": Entry(
        "A 95 % interval comes from a rule that takes in the true value in 95 of 100 "
        "repetitions of the whole experiment.",
        forms=r"(95 % )?interval",
    ),
    "keep probability": Entry(
        "1 − p, the chance of a hidden unit to stay at work in a training pass. What stays is "
        "multiplied by 1/(1 − p), so that the next layer gets as much on average.",
    ),
    "L2": Entry(
        "Weight decay: a price on large weights, J = L + (λ/2) ΣW². Its gradient λW shrinks "
        "every weight a little in each step.",
    ),
    "λ": Entry(
        "The strength of L2. At 0 the weights cost nothing; too large, and the network underfits.",
    ),
    "learning rate": Entry(
        "η, the length of a step: W ← W − η ∂J/∂W. Too long, and the descent leaps or diverges.",
    ),
    "logit": Entry(
        "z, what the output unit hands to the sigmoid: the probability is 1/(1 + e⁻ᶻ), and z "
        "= 0 stands for 0.5.",
    ),
    "loss": Entry(
        "Cross-entropy: the mean of −[y log ŷ + (1 − y) log(1 − ŷ)]. Sure and right costs "
        "little, sure and wrong a lot.",
        forms=r"loss(es)?",
    ),
    "mask": Entry(
        "A random factor for each hidden unit: 0 where it is dropped, 1/(1 − p) where it stays.",
    ),
    "memorize": Entry(
        "To overfit: to learn the training rows one by one, noise included, instead of what "
        "they have in common.",
        forms=r"memoriz\w+|overfit\w*|by heart",
    ),
    "min_delta": Entry(
        "An improvement counts only if the loss falls below the best one minus min_delta.",
    ),
    "momentum": Entry(
        "μ, the share of its velocity that the descent keeps: v ← μv + ∂J/∂W, then W ← W − ηv.",
    ),
    "parameter": Entry(
        "A number that the training sets: a weight or a bias.",
    ),
    "patience": Entry(
        "After how many epochs without an improvement early stopping ends the training.",
    ),
    "penalty": Entry(
        "(λ/2) ΣW², what L2 adds to the loss. Biases pay nothing.",
        forms=r"penalty",
    ),
    "regularization": Entry(
        "What keeps a network from memorizing without taking its capacity away: L2, dropout, "
        "early stopping.",
        forms=r"regulari[sz]\w+",
    ),
    "restore": Entry(
        "To put the weights of the best epoch back once the training has stopped.",
        forms=r"restor\w+",
    ),
    "seed": Entry(
        "The number that starts a random generator: the same seed draws the same numbers.",
    ),
    "split": Entry(
        "One random cut of the rows into a training and a test set.",
    ),
    "standard error": Entry(
        "How far a mean of random draws usually is from the true one: the spread of the draws "
        "divided by the square root of their number.",
    ),
    "standardise": Entry(
        "To subtract the mean of a column and divide by its standard deviation, both taken "
        "from the training rows only.",
        forms=r"standardis\w+",
    ),
    "test set": Entry(
        "Rows kept back to judge the finished network. No choice may rest on them.",
    ),
    "training mode": Entry(
        "The network while it learns: a fresh mask in every pass.",
    ),
    "underfit": Entry(
        "To miss even what the training rows have in common: too little capacity, or too much "
        "regularization.",
        forms=r"underfit\w*",
    ),
    "validation set": Entry(
        "Rows set aside from the training rows to choose by: a λ, an epoch, a run.",
        forms=r"validation (set|patients|rows)",
    ),
}


def meaning(name: str) -> str:
    """What a term means. KeyError for one that has no entry."""
    return WORDS[name].meaning
