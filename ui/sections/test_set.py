"""The sealed test set: scores without it, and a counted button to open it."""

import streamlit as st

from regcore import Config, Fit, Split
from ui import session
from ui.charts.frames import scores
from ui.data import chosen
from ui.data.spec import DataSpec
from ui.text import escape, stated


def sealed(run: Fit) -> dict[str, float]:
    """Return the scores of the weights that a run keeps, except those on the test set."""
    all_scores = scores(run.history, run.kept_epoch)
    visible = {name: value for name, value in all_scores.items() if "test" not in name}
    return visible | {"gap": visible["training"] - visible["validation"]}


def opened_configs(data: DataSpec) -> list[Config]:
    """Return the settings of the runs for which this session has opened the test set."""
    return session.state().setdefault("opened", {}).setdefault(data, [])


def unseal(data: DataSpec, config: Config) -> None:
    """Open the test set for a run; looking again does not count."""
    if config not in opened_configs(data):
        opened_configs(data).append(config)


def open_test(data: DataSpec, named: dict[str, Fit], split: Split) -> None:
    """Draw the choice of a run, a button that asks before it opens the test set, and the scores."""
    # another set of runs starts from the last one, which is the one on the screen
    key = session.register_control(f"judged_{len(named)}")
    row = st.container(horizontal=True, vertical_alignment="bottom")
    name = row.selectbox("Run to evaluate", list(named), index=len(named) - 1, key=key, width=300)
    opened = opened_configs(data)
    if named[name].config not in opened:
        with row.popover(f"Open the test set for “{escape(name)}” …"):
            st.markdown(
                f"This shows how “{escape(name)}” does on the {chosen.some(len(split.test))} of "
                "the test set. Do not use that score to choose anything: it would become too "
                "optimistic."
            )
            args = (data, named[name].config)
            st.button("Open it", type="primary", key="open_test", on_click=unseal, args=args)
    times = ("not yet", "once")[len(opened)] if len(opened) < 2 else f"{len(opened)} times"
    sealed_still = " As in real work, the test scores stay hidden until you have chosen."
    st.markdown(f"Opened in this session: **{times}**." + ("" if opened else sealed_still))
    if len(opened) > 1:
        st.caption(
            "Each look makes the test score less trustworthy: later choices may depend on it."
        )
    for label, run in named.items():
        if run.config in opened:
            st.markdown(f"**{escape(label)}**: {flattery(run, split)}")


def flattery(run: Fit, split: Split) -> str:
    """Compare the validation score with the test score, and the difference with chance."""
    kept = scores(run.history, run.kept_epoch)
    pairs = [(kept[part], len(getattr(split, part))) for part in ("validation", "test")]
    chance = sum(share * (1.0 - share) / n for share, n in pairs) ** 0.5
    difference = kept["validation"] - kept["test"]
    return (
        f"validation accuracy {stated(kept['validation'])}, test accuracy "
        f"**{stated(kept['test'])}**. The validation score "
        + (
            f"overstated it by {stated(difference)}"
            if difference > 0
            else f"understated it by {stated(-difference)}"
            if difference
            else "was the same"
        )
        + f"; with {pairs[0][1]} and {chosen.some(pairs[1][1])}, chance alone typically "
        f"changes the difference by about ±{stated(chance)}."
    )
