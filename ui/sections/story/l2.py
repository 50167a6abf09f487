"""Why a penalty, why ½, why not the biases, and why small weights make smooth functions."""

import numpy as np

from regcore import Fit
from regcore.nn.parameters import parameter_count, steepest_slope
from ui.charts.frames import scores
from ui.data import chosen
from ui.glossary import say
from ui.text import count, stated

TITLE = "Read on: why small weights help"


def tell(without: Fit, with_l2: Fit) -> None:
    """Tell the story with the figures of both runs."""
    rows, row = chosen.rows(), chosen.row()
    say(
        f"**Why a penalty.** To memorize one {row}, a network must change its prediction within "
        f"a short "
        f"distance from its neighbors: it needs a cliff, and cliffs need large weights. L2 charges "
        "every weight rent for its size, at every step. A weight that serves many "
        f"{rows} earns its rent. One that serves the chance details of a single {row} does not, "
        "and shrinks."
    )
    say(_smooth(without, with_l2))
    say(
        "**Why the ½?** The slope of W² is 2W; the ½ cancels the 2, and the added term is just "
        "λW. It only sets the scale of λ. Libraries differ here: PyTorch's `weight_decay` is this "
        "λ, while scikit-learn divides its `alpha` by the number of rows."
    )
    say(_biases(without))
    say(
        "**How large a λ?** With λ = 0 nothing changes. If it is too small, the penalty does "
        f"almost nothing; if it is too large, every {row} gets almost the same answer, and the "
        f"network "
        "underfits. The test set must not choose: a section below leaves that to validation "
        f"{rows}."
    )


def _smooth(without: Fit, with_l2: Fit) -> str:
    slopes = [steepest_slope(run.params) for run in (without, with_l2)]
    return (
        "**Small weights, smooth function.** A ReLU never makes anything steeper, so the logit "
        "cannot rise faster than the product of the norms of W1 and W2. Here that bound is "
        f"**{_slope(slopes[0])}** without L2 and **{_slope(slopes[1])}** with λ = "
        f"{with_l2.config.l2:g}, for a step of one standard deviation. A prediction that cannot be "
        f"steep cannot bend around individual {chosen.rows()}: that is what the two maps show."
    )


def _slope(value: float) -> str:
    return f"{value:,.1f}" if np.isfinite(value) else "infinite"


def _biases(run: Fit) -> str:
    sizes = run.config.hidden_sizes
    biases = sum(sizes) + 1
    total = parameter_count(run.params[0].shape[0], sizes)
    return (
        f"**Why not the biases?** A bias shifts a unit; it makes nothing steeper. Only "
        f"{count(biases)} of the {count(total)} parameters are biases. And the last one reflects "
        "how common the outcome is: pulled toward 0, it would pull every prediction toward one "
        "half."
    )


def known(without: Fit, with_l2: Fit) -> list[str]:
    """Return the key points of the page, with the figures of both runs."""
    before, after = scores(without.history), scores(with_l2.history)
    sizes = [stated(np.abs(run.params[0]).mean()) for run in (without, with_l2)]
    return [
        "L2 adds (λ/2) ΣW² to the loss, and so one term, λW, to the gradient of each weight "
        "matrix. Biases are left out.",
        f"Each step shrinks a weight by the factor 1 − ηλ: the mean |W1| ended at {sizes[1]} "
        f"instead of {sizes[0]}.",
        f"Small weights cannot memorize: with λ = {with_l2.config.l2:g} the gap is "
        f"{stated(after['gap'])}, without L2 it is {stated(before['gap'])}; test accuracy is "
        f"{stated(after['test'])} and {stated(before['test'])}.",
    ]
