"""Is it real? The page's comparison over many splits: ribbons, differences, a verdict."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st

from regcore import Config
from regcore.experiments.comparison import Difference, compare
from regcore.experiments.study import Study
from ui import layout
from ui.charts import figure, many_splits
from ui.data.spec import DataSpec
from ui.glossary import note, say
from ui.sections.studies import repeated_splits, win_guess
from ui.text import counted, escape, score, signed

LOW, HIGH = 0.1, 0.9  # the quantiles that bound a ribbon
ROUNDING = 1e-9  # accuracies that differ by less are the same
SCORES = {"test_accuracy": "test accuracy", "test_loss": "test loss", "gap": "gap"}
GAP = {"better": "smaller", "worse": "larger"}  # a small gap is not the goal


def panel(
    data: DataSpec,
    named: Mapping[str, Config],
    ours: Mapping[str, Mapping[str, float]],
    key: str,
) -> None:
    """Repeat the comparison of the second of `named` with the first over many splits.

    ours  the scores of both on the page's own split

    Costs nothing but a look into the cache until it is requested.
    """
    first, second = map(escape, named)
    say(
        "Everything above is one split. Split the data again many times and train both networks on "
        f"each split: does “{second}” really beat “{first}”, or was it luck?"
    )
    if len(set(named.values())) == 1:
        st.caption("Both runs have the same settings: there is nothing to compare.")
        return
    change = [scores["test"] for scores in ours.values()]
    _compare(data, named, change[1] - change[0], f"real_{key}")
    note(
        "The splits share rows, so the interval is wider than the usual one: its variance is "
        "σ²(1/r + n_test/n_train) for r splits (Nadeau and Bengio, 2003). Where it contains 0, "
        "the splits cannot tell."
    )


@st.fragment
def _compare(data: DataSpec, named: Mapping[str, Config], here: float, key: str) -> None:
    """Draw the controls of the study, and its results once there are any."""
    configs, name = tuple(named.values()), escape(list(named)[1])
    if not win_guess.is_made(key, name, (data, configs)):
        return
    study = repeated_splits.study(data, configs, "Repeat over {} splits", key, _so_far)
    if study is None:
        return
    differences = compare(study, 1, 0)
    accuracy, guessed = differences["test_accuracy"], win_guess.share(key, (data, configs))
    told = "" if guessed is None else f" {win_guess.told(guessed, accuracy.wins, len(study))}"
    st.markdown(verdict(accuracy, name, len(study)) + told)
    left, right = layout.beside()
    with left:
        _draw_ribbons(study, list(named))
    with right:
        _draw_differences(study, accuracy, here, guessed)
    st.table(
        _table(differences), hide_index=True, border="horizontal", alt="Differences and verdicts"
    )


def verdict(difference: Difference, name: str, splits: int) -> str:
    """Return the verdict on test accuracy in a sentence."""
    size = score(abs(difference.mean))
    result = {
        "better": f"**Better.** “{name}” raises test accuracy by {size} on average",
        "worse": f"**Worse.** “{name}” lowers test accuracy by {size} on average",
        "cannot tell": "**Cannot tell.** The mean difference in test accuracy is "
        f"{signed(difference.mean)}",
    }[difference.verdict]
    return (
        f"{result} over {splits} splits; “{name}” wins on {difference.wins} and loses on "
        f"{difference.losses}. The 95% interval for the difference goes from "
        f"{_end(difference.low)} to {_end(difference.high)}"
        + (", and excludes 0." if difference.verdict != "cannot tell" else ", and includes 0.")
    )


def _so_far(study: Study) -> str:
    """Return the wins and losses so far, for the progress bar."""
    if not len(study):
        return ""
    accuracy = compare(study, 1, 0)["test_accuracy"]
    return f": test accuracy higher on {accuracy.wins}, lower on {accuracy.losses}"


def _table(differences: Mapping[str, Difference]) -> pd.DataFrame:
    rows = [
        (
            SCORES[name],
            signed(d.mean),
            f"{_end(d.low)} to {_end(d.high)}",
            f"{d.wins} / {d.losses} / {d.ties}",
            GAP.get(d.verdict, d.verdict) if name == "gap" else d.verdict,
        )
        for name, d in differences.items()
    ]
    columns = ["score", "mean difference", "95% interval", "wins / losses / ties", "verdict"]
    return pd.DataFrame(rows, columns=columns)


def _end(value: float) -> str:
    """Format the end of an interval, which may be infinite."""
    return signed(value) if np.isfinite(value) else ("−∞" if value < 0 else "∞")


def ribbons(study: Study, names: list[str]) -> pd.DataFrame:
    """Return median and quantiles of the test loss: columns epoch, low, value, high, run."""
    frames = []
    for place, name in enumerate(names):
        epochs, values = study.curves(place, "test_loss")
        # after early stopping a run stays at the loss of the weights that it keeps
        kept = study.scores(place, "test_loss")[:, None]
        values = np.where(np.isnan(values), kept, values)
        low, middle, high = np.quantile(values, (LOW, 0.5, HIGH), axis=0)
        columns = {"epoch": epochs, "low": low, "value": middle, "high": high, "run": name}
        frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True)


def _draw_ribbons(study: Study, names: list[str]) -> None:
    table = ribbons(study, names)
    ends = table.groupby("run", sort=False).tail(1)
    ranges = "; ".join(
        f"{row.run} ends between {score(row.low)} and {score(row.high)}"
        for row in ends.itertuples()
    )
    figure(
        many_splits.ribbons(table),
        f"Test loss over the epochs, eight of ten splits within each ribbon: {ranges}.",
        table.round(3),
    )


def _draw_differences(
    study: Study, difference: Difference, here: float, guessed: float | None
) -> None:
    """A dot for each split, sorted; the mean with its interval; the page's own split marked.

    guessed  the share of the splits that the learner expects to be won
    """
    gains = np.sort(study.scores(1, "test_accuracy") - study.scores(0, "test_accuracy"))
    table = pd.DataFrame({"difference": gains, "rank": np.arange(1, len(gains) + 1)})
    below, above = (int((sign * (gains - here) > ROUNDING).sum()) for sign in (-1, 1))
    figure(
        many_splits.differences(table, difference, here, guessed),
        f"Test accuracy of the second run minus the first, split by split: {difference.wins} above "
        f"0, {difference.losses} below, {difference.ties} at 0. The split on this page gave "
        f"{signed(here)}: {counted(below, 'split')} gave less, {above} gave more.",
        table.round(4),
    )
