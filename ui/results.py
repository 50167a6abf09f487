"""The results header and the table of scores, the same on every page."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from regcore import Dataset, Fit, Split
from ui.look import count, score, signed
from ui.records import last, scores


def header(run: Fit, split: Split, against: Fit | None = None) -> None:
    """Training accuracy, test accuracy and gap: the first thing that the eye meets.

    `against` is a run to compare with; the differences then stand below the scores.
    """
    now, unseen = scores(run.history), len(split.test)
    before = None if against is None else scores(against.history)
    shown = {
        "training": ("Training accuracy", f"On the {len(split.train)} patients it trained on."),
        "test": ("Test accuracy", f"{round(now['test'] * unseen)} of {unseen} unseen patients."),
        "gap": ("Gap", "Training minus test accuracy: how much was learned by heart."),
    }
    with st.grid(3, min_column_width=130):
        for name, (label, meaning) in shown.items():
            change = None if before is None else f"{signed(now[name] - before[name])} against no L2"
            st.metric(
                label,
                score(now[name]),
                change,
                delta_color="off",
                delta_arrow="off",
                help=meaning,
            )


def table(runs: Mapping[str, Fit | Mapping[str, float]], alt: str) -> None:
    """A row for each named run (or mapping with training, test, gap): its scores, 3 digits."""
    rows = {
        name: scores(run.history) if isinstance(run, Fit) else run for name, run in runs.items()
    }
    frame = pd.DataFrame.from_dict(rows, orient="index").map(_digits)
    frame.index.name = "setting"
    st.table(frame.reset_index(), hide_index=True, border="horizontal", alt=alt)


def sweep_lines(
    settings: Sequence[float], found: Sequence[Fit], kind: str, parts: Sequence[str]
) -> pd.DataFrame:
    """Records of a sweep for `charts.sweep`: the last loss or accuracy of every run and part."""
    return pd.DataFrame(
        {
            "setting": f"{setting:g}",
            "part": part,
            "run": "",
            "value": last(run, part, kind),
        }
        for part in parts
        for setting, run in zip(settings, found, strict=True)
    )


def sweep_table(
    name: str, settings: Sequence[float], found: Sequence[Fit], parts: Sequence[str]
) -> pd.DataFrame:
    """The table twin of a sweep: a row for each setting, accuracy and loss of every part."""
    columns = {name: [f"{setting:g}" for setting in settings]}
    for kind in ("accuracy", "loss"):
        for part in parts:
            columns[f"{part} {kind}"] = [score(last(run, part, kind)) for run in found]
    return pd.DataFrame(columns)


def top(run: Fit) -> float | None:
    """Where the loss axis ends: a diverging run would squeeze all else to nothing."""
    return 10.0 if run.history.stop_reason == "diverged" else None


def what_happened(run: Fit) -> None:
    """One sentence when a run did not simply reach its last epoch."""
    history = run.history
    if history.stop_reason == "diverged":
        st.warning(
            f"Each step overshot further than the one before, until the loss was no longer a "
            f"number. The curves end at epoch {count(history.stopped_epoch)}, where it still "
            f"was one. A smaller learning rate than {run.config.lr:g} helps.",
            title="The training diverged",
        )


NOT_MEASURED = ("glucose", "blood_pressure", "skin_thickness", "insulin", "bmi")


def zeros_sentence(dataset: Dataset, features: Sequence[str]) -> str:
    """How many zeros in these features mean "not measured"; empty where there are none."""
    counts = {
        name: int((dataset.X[:, dataset.feature_names.index(name)] == 0).sum())
        for name in features
        if name in NOT_MEASURED
    }
    told = [f"{name.replace('_', ' ')} {n}" for name, n in counts.items() if n]
    return (
        f"A zero here means “not measured”, in {len(dataset)} patients: {', '.join(told)}."
        if told
        else ""
    )


def _digits(value: object) -> str:
    missing = value is None or value != value
    return "–" if missing else score(value) if isinstance(value, float) else str(value)
