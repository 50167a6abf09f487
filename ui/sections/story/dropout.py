"""Why dropping units helps, what the two modes are, and what p means."""

from regcore import Fit
from ui.charts.frames import scores
from ui.data import chosen
from ui.glossary import say
from ui.text import count, stated

TITLE = "Read on: why dropping units helps"


def tell(dropped: Fit) -> None:
    """Tell the story with the settings of this run."""
    p, rows = dropped.config.dropout, chosen.rows()
    say(
        "**Why drop units?** Hidden units that always train together can rely on each other: one "
        "makes a mistake, and another corrects exactly that mistake. That works for the training "
        f"{rows} and for nobody else. With dropout no unit knows who will be there in the next "
        "pass, so each has to be useful on its own, and several learn what matters. A kitchen that "
        "draws lots every evening for which cook stays home soon has no dish that only one cook "
        "can make."
    )
    say(
        f"**Two modes.** In **training**, each unit is dropped with p = {p:g}, and those that are "
        f"kept are multiplied by 1/(1 − p) = {1 / (1 - p):.3g}, so the sum that the next layer "
        "receives stays the same on average. In **evaluation**, all units work, and nothing is "
        "multiplied: the same input always gets the same prediction. If you forget to switch "
        "modes, "
        "you measure a network with units missing. In PyTorch the switch is `model.eval()`."
    )
    say(
        f"**Keep or drop?** Here p is the probability of *dropping*, as in PyTorch and Keras: "
        f"p = {p:g} keeps {1 - p:.0%} of the units. Older papers and code give the probability of "
        "*keeping*. Mixing the two up is a common mistake with dropout."
    )
    say(
        "**Why a new mask each time?** With one fixed mask this would just be a smaller network. "
        f"{count(dropped.config.epochs)} epochs with fresh masks train many thinned networks that "
        "share their weights, and evaluation comes close to averaging all of them."
    )


def known(without: Fit, dropped: Fit) -> list[str]:
    """Return the key points of the page, with the figures of both runs."""
    before, after, p = scores(without.history), scores(dropped.history), dropped.config.dropout
    return [
        "In training, a fresh random mask drops units in every pass, so no unit can rely on "
        "another. In evaluation, all units work.",
        f"p = {p:g} is the probability of dropping; what is kept is multiplied by 1/(1 − p), and "
        "the next layer's input has the same mean in both modes.",
        f"With dropout the test loss ended at {stated(after['test loss'])}, without it at "
        f"{stated(before['test loss'])}; the gap was {stated(after['gap'])} and "
        f"{stated(before['gap'])}.",
    ]
