"""The results header, tables of scores and sentences about runs, for all pages."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from regcore import Fit, Part, Split
from regcore.experiments.comparison import direction
from ui import layout, session
from ui.charts.frames import column_of, curves, last, scores
from ui.data import chosen
from ui.text import DIGITS, count, escape, meant, noise, score, share_of, signed, stated
from ui.theme import enlarged
from ui.verdicts import LOSS_BAND

LOW, HIGH = 68, 95  # px: the header without and with differences
LITTLE_GAP = 0.05
LEAP_FACTOR = 3.0  # a loss this many times the initial one is reported
PRINTED_WIDTH = 64
PRINTED = {  # λ -> what the lesson prints
    0.0: {"training": 1.000, "test": 0.719, "gap": 0.281},
    0.05: {"training": 0.790, "test": 0.724, "gap": 0.066},
}
Scores = Mapping[str, float]


def header(
    now: Scores,
    split: Split,
    against: Scores | None = None,
    name: str = "",
    part: str = "test",
    of: Fit | None = None,
) -> None:
    """Show training accuracy, accuracy on unseen rows and the gap.

    against  scores to compare with; the differences are shown below
    name     what these are called; without them, what `now` is called, in their place
    part     the unseen part, "test" or "validation"
    of       the run; if it diverged, `what_happened` says so, and rounding is no news
    """
    unseen = split.validation if part == "validation" and split.validation else split.test
    meanings = {
        "training": f"On the {chosen.some(len(split.train))} it trained on.",
        part: f"Correct on {share_of(now[part], len(unseen))} {chosen.rows()} that it never saw. "
        f"Always predicting the majority class (“{escape(majority_class(unseen))}”) scores "
        f"{score(majority(unseen))}.",
        "gap": f"Training accuracy minus {part} accuracy. Large: the network memorizes. Below 0: "
        f"the {part} {chosen.rows()} happen to be easier.",
    }
    _title(f" vs. {name}" if against else f", {name}" if name else "")
    versus = f" vs. {name}" if enlarged() == 1.0 else ""
    differences = {key: now[key] - against[key] for key in meanings} if against else {}
    # a difference that rounding alone may turn round is none
    known = {key: d for key, d in differences.items() if noise(d) <= abs(d) or not noise(d)}
    changes = {key: signed(known[key]) + versus if key in known else None for key in meanings}
    if not against and enlarged() == 1.0:
        changes = dict.fromkeys(meanings, name or None)
    shown = {key: (score(now[key]), changes[key], meanings[key]) for key in meanings}
    _metrics(part, shown, HIGH if name else LOW)
    if of is None or of.history.stop_reason != "diverged":
        amplified(now, against or {})


def no_header() -> None:
    """Show a header whose figures may not be known yet."""
    _title()
    _metrics("test", dict.fromkeys(("training", "test", "gap"), ("?", None, "")), HIGH)


def _title(more: str = "") -> None:
    """Say on a projector what the figures are: its columns are too narrow for it."""
    if enlarged() > 1.0:
        st.caption(f"Accuracy{more}")


def _metrics(part: str, shown: Mapping[str, tuple[str, str | None, str]], height: int) -> None:
    accuracy = " accuracy" if enlarged() == 1.0 else ""  # beside a projector's picture
    labels = {"training": f"Training{accuracy}", part: f"{part.capitalize()}{accuracy}"}
    labels["gap"] = "Gap"
    with layout.reserved(height), st.grid(3, min_column_width=100):
        for key, (value, change, meaning) in shown.items():
            st.metric(
                labels[key],
                value,
                change,
                delta_color="off",
                delta_arrow="off",
                help=meaning or None,
            )


def majority(part: Part) -> float:
    """Return the accuracy of always predicting the majority class."""
    share = float(part.y.mean())
    return max(share, 1.0 - share)


def majority_class(part: Part) -> str:
    """Return the name of the more frequent outcome."""
    return chosen.dataset().outcomes[int(part.y.mean() > 0.5)]


def says_one_thing(run: Fit, split: Split) -> bool:
    """Whether the network gives every training row the same outcome."""
    positive = run.predict_proba(split.train.X) > 0.5
    return bool(positive.all() or not positive.any())


def table(rows: Mapping[str, Scores], alt: str) -> None:
    """Show a row of scores, 3 digits, for each name; a missing score is a dash."""
    columns: dict[str, list[str]] = {"setting": [escape(name) for name in rows]}
    for column in dict.fromkeys(column for row in rows.values() for column in row):
        columns[column] = [_digits(row.get(column)) for row in rows.values()]
    st.table(pd.DataFrame(columns), hide_index=True, border="horizontal", alt=alt)


def loss_top(
    *runs: Fit, parts: Sequence[str] = ("training", "test"), ghost: Fit | None = None
) -> float:
    """Return the top of the loss axis: one for all settings that were tried on this page.

    If a run diverges or leaps, the axis is cut off, so that the rest is visible.

    ghost  the run that was shown before; the axis holds it, too, unless it leapt
    """
    runs = (*runs, ghost) if ghost is not None and not leapt(ghost) else runs
    if any(leapt(run) for run in runs):
        ends = [last(run, part, "loss") for run in runs for part in parts]
        starts = [float(run.history.train_loss[0]) for run in runs]
        return max(LEAP_FACTOR * max(starts), *(1.1 * end for end in ends if end < 100.0), 1.0)
    tops, key = session.state().setdefault("tops", {}), (session.state()["path"], chosen.name())
    highest = (float(column_of(run.history, part, "loss").max()) for run in runs for part in parts)
    tops[key] = max(tops.get(key, 0.0), *highest)
    return tops[key]


def ghost(before: Fit | None, parts: Sequence[str]) -> pd.DataFrame | None:
    """Return the lines of the run that was shown before, for `charts.curves`."""
    return None if before is None else curves({"before": before}, "loss", parts)


def amplified(*shown: Scores) -> None:
    """If rounding changes digits of a score, say so about the score that it changes most."""
    figures = [(meant(value), name) for scores in shown for name, value in scores.items()]
    places, name = min(figures)
    if places < DIGITS:
        name = name if name.endswith("loss") or name == "gap" else f"{name} accuracy"
        first = ("", "From the first decimal on, ", "From the second decimal on, ", "")[places + 1]
        what = "the third decimal of its" if places == DIGITS - 1 else "its"
        sentence = f"{first}rounding decides {what} {name}, so it is not shown."
        st.info(
            "This run amplifies rounding: on another processor it ends differently. "
            f"{sentence[0].upper()}{sentence[1:]}",
            icon="🦋",
        )


def what_happened(run: Fit) -> None:
    """Say if a run diverged or its loss jumped, and what to try."""
    history, lr = run.history, run.config.lr
    usable = min(0.1, lr / 10.0)
    if history.stop_reason == "diverged":
        st.warning(
            f"The steps were too large, and the loss overflowed at epoch "
            f"{count(history.stopped_epoch)}. Try η = {usable:g}.",
            title="Training diverged",
        )
    elif leapt(run):
        st.info(
            f"The learning rate {lr:g} is too large: the training loss jumped from "
            f"{score(history.train_loss[0])} to {score(history.train_loss.max())}. The axis is cut "
            f"off below that. Try η = {usable:g}."
        )


def moved(without: Fit, regularized: Fit, split: Split) -> str:
    """Say what a tool changed, claiming no more than one split can show."""
    if says_one_thing(regularized, split):
        return (
            "The network now predicts the same outcome for every row: this setting is so strong "
            "that it **underfits**."
        )
    before, after, one = scores(without.history), scores(regularized.history), 1.0 / len(split.test)
    if min(meant(row[name]) for row in (before, after) for name in ("gap", "test loss")) < 1:
        return (
            "These runs are so sensitive to rounding that one of each cannot tell which is better: "
            "“Is it real?” compares many."
        )
    gap = {-1: "shrinks", 0: "hardly moves,", 1: "grows"}[
        direction(after["gap"] - before["gap"], max(one, noise(after["gap"] - before["gap"])))
    ]
    return (
        f"The gap {gap} from {stated(before['gap'])} to {stated(after['gap'])}, and the test loss "
        f"goes from {stated(before['test loss'])} to {stated(after['test loss'])}. Test accuracy "
        f"{_change(after['test'] - before['test'], len(split.test))}. {_reason(before, after)}"
        f"One split is one random draw: it takes many splits to tell whether a few "
        f"{chosen.rows()} mean anything."
    )


def _reason(before: Scores, after: Scores) -> str:
    """Say why a tool does not help here, if it does not."""
    worse = after["test loss"] - before["test loss"]
    if worse <= max(LOSS_BAND, noise(worse)):
        return ""
    if before["gap"] < LITTLE_GAP:
        return "Without it this network hardly overfits, so there is little to gain. "
    return "Here it makes training harder without making the predictions for new rows better. "


def _change(change: float, n: int) -> str:
    """Return by how many of n test rows the accuracy changed, as the end of a sentence."""
    if noise(change) > max(abs(change), 0.5 / n):
        return "changes by no more than rounding alone could explain"
    moved = round(change * n)
    if not moved:
        return f"does not change: just as many of {n} are correct"
    about = "about " if noise(change) > 0.5 / n else ""
    return f"{'rises' if moved > 0 else 'falls'} by {about}{chosen.some(abs(moved))} out of {n}"


def leapt(run: Fit) -> bool:
    """Whether the training loss rose far above that of the starting weights."""
    return bool(run.history.train_loss.max() > LEAP_FACTOR * run.history.train_loss[0])


def drawn_zeros(raw: np.ndarray, features: Sequence[str], unmeasured: Sequence[str]) -> str:
    """Say how many of the rows drawn, raw (n, d), have a zero that means "not measured"."""
    columns = [i for i, name in enumerate(features) if name in unmeasured]
    affected = int((raw[:, columns] == 0.0).any(axis=1).sum()) if columns else 0
    if not affected:
        return ""
    return (
        f"For {affected} of these {chosen.some(len(raw))} a zero means “not measured”. "
        "Rows with the same values lie on one point, and no network can tell them apart."
    )


def _digits(value: object) -> str:
    missing = value is None or value != value
    return "–" if missing else score(value) if isinstance(value, float) else str(value)
