"""The results header, the tables of scores and the words about a run, the same on every page."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from regcore import Fit, Part, Split
from regcore.experiments.comparison import direction
from ui import session
from ui.charts.frames import last, scores
from ui.data import chosen
from ui.text import DIGITS, count, escape, meant, noise, score, share_of, signed

ROUGH = 3.0  # a loss this many times the starting one is worth a word
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
) -> None:
    """Training accuracy, accuracy on unseen rows and gap: the first that the eye meets.

    `against` are scores to compare with, `name` what they are called; the differences then
    stand below. `part` is the unseen part, "test" or "validation".
    """
    unseen = split.validation if part == "validation" and split.validation else split.test
    meanings = {
        "training": f"On the {chosen.some(len(split.train))} it trained on.",
        part: f"{share_of(now[part], len(unseen))} {chosen.rows()} that it never saw. "
        f"Always saying the same would score {score(majority(unseen))}.",
        "gap": f"Training accuracy minus {part} accuracy. Large: learned by heart. Below 0: the "
        f"{part} {chosen.rows()} happen to be the easier ones.",
    }
    changes = {
        key: f"{signed(now[key] - against[key])} against {name}" if against else None
        for key in meanings
    }
    _metrics(part, {key: (score(now[key]), changes[key], meanings[key]) for key in meanings})
    amplified(now, against or {})


def place(waiting: bool, part: str = "test", compared: bool = False) -> DeltaGenerator:
    """Where a verdict and the header will stand.

    On a first visit it is as high from the start as the header will be, so that nothing jumps.

    waiting   whether a header will come; not so below a question
    compared  whether it will be `against` something
    """
    slot, empty = st.empty(), ("…", "…" if compared else None, "")
    if waiting and session.is_newcomer():
        with slot.container():
            _metrics(part, dict.fromkeys(("training", part, "gap"), empty))
    return slot


def _metrics(part: str, shown: Mapping[str, tuple[str, str | None, str]]) -> None:
    labels = {"training": "Training accuracy", part: f"{part.capitalize()} accuracy", "gap": "Gap"}
    with st.grid(3, min_column_width=130):
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
    """Accuracy of a network that gives everybody the more frequent outcome."""
    share = float(part.y.mean())
    return max(share, 1.0 - share)


def says_one_thing(run: Fit, split: Split) -> bool:
    """Whether the network gives every training row the same outcome."""
    positive = run.predict_proba(split.train.X) > 0.5
    return bool(positive.all() or not positive.any())


def table(rows: Mapping[str, Scores], alt: str) -> None:
    """A row of scores, 3 digits, for each name; what a row does not have is a dash."""
    columns: dict[str, list[str]] = {"setting": [escape(name) for name in rows]}
    for column in dict.fromkeys(column for row in rows.values() for column in row):
        columns[column] = [_digits(row.get(column)) for row in rows.values()]
    st.table(pd.DataFrame(columns), hide_index=True, border="horizontal", alt=alt)


def loss_top(*runs: Fit, parts: Sequence[str] = ("training", "test")) -> float | None:
    """Where the loss axis ends: a diverging or leaping run would squeeze all else to nothing."""
    if not any(_rough(run) for run in runs):
        return None
    ends = [last(run, part, "loss") for run in runs for part in parts]
    starts = [float(run.history.train_loss[0]) for run in runs]
    return max(ROUGH * max(starts), *(1.1 * end for end in ends if end < 100.0), 1.0)


def amplified(*shown: Scores) -> None:
    """One line where rounding moves a score by whole digits, about the score that it moves most."""
    figures = [(meant(value), name) for scores in shown for name, value in scores.items()]
    places, name = min(figures)
    if places < DIGITS:
        digit = ("whole part", "first decimal", "second decimal", "third decimal")[places + 1]
        name = name if name.endswith("loss") or name == "gap" else f"{name} accuracy"
        st.info(
            "This run amplifies rounding: on another processor it ends elsewhere. The "
            f"{digit} of its {name} means nothing, so it is not shown.",
            icon="🦋",
        )


def what_happened(run: Fit) -> None:
    """A word about a run that diverged or leapt on its way."""
    history, lr = run.history, run.config.lr
    if history.stop_reason == "diverged":
        st.warning(
            f"The steps were too long: the loss grew until it was no longer a number. The curves "
            f"end at epoch {count(history.stopped_epoch)}, where it still was one, at "
            f"{score(history.train_loss[-1])}. Try a learning rate below {lr:g}.",
            title="The training diverged",
        )
    elif _rough(run):
        st.info(
            f"The learning rate {lr:g} is too large: the training loss leapt to "
            f"{score(history.train_loss.max())} on its way, from {score(history.train_loss[0])} "
            "at the start. The axis leaves the leaps out."
        )


def moved(plain_run: Fit, tamed: Fit, split: Split) -> str:
    """What a tool changed, in words that claim no more than one split can show."""
    if says_one_thing(tamed, split):
        return (
            "The network now gives everybody the same answer: this setting is so strong that it "
            "**underfits**."
        )
    before, after, one = scores(plain_run.history), scores(tamed.history), 1.0 / len(split.test)
    gap = {-1: "shrinks", 0: "hardly moves,", 1: "grows"}[
        direction(after["gap"] - before["gap"], max(one, noise(after["gap"] - before["gap"])))
    ]
    return (
        f"The gap {gap} from {score(before['gap'])} to {score(after['gap'])}, and the test loss "
        f"goes from {score(before['test loss'])} to {score(after['test loss'])}. Test accuracy "
        f"{_change(after['test'] - before['test'], len(split.test))}. One split is one draw of "
        f"luck: whether a few {chosen.rows()} mean anything takes many splits to say."
    )


def _change(change: float, n: int) -> str:
    """By how many of n test rows the accuracy changed, as the end of a sentence."""
    if noise(change) > max(abs(change), 0.5 / n):
        return "changes by no more than rounding alone may change it"
    moved = round(change * n)
    if not moved:
        return f"does not move: as many of {n} are right"
    about = "about " if noise(change) > 0.5 / n else ""
    return (
        f"{'rises' if moved > 0 else 'falls'} by {about}{chosen.some(abs(moved))} of {n} are right"
    )


def _rough(run: Fit) -> bool:
    return bool(run.history.train_loss.max() > ROUGH * run.history.train_loss[0])


def drawn_zeros(raw: np.ndarray, features: Sequence[str], unmeasured: Sequence[str]) -> str:
    """How many of the rows drawn, raw (n, d), have a zero that means "not measured"."""
    columns = [i for i, name in enumerate(features) if name in unmeasured]
    affected = int((raw[:, columns] == 0.0).any(axis=1).sum()) if columns else 0
    if not affected:
        return ""
    return (
        f"In {affected} of these {chosen.some(len(raw))} a zero stands for “not measured”. "
        "Those with the same numbers lie on one point, and no network can tell them apart."
    )


def _digits(value: object) -> str:
    missing = value is None or value != value
    return "–" if missing else score(value) if isinstance(value, float) else str(value)
