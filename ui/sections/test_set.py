"""The sealed test set: scores that keep silent about it, and the act of opening it, counted."""

import streamlit as st

from regcore import Config, Fit, Split
from ui import session
from ui.charts.frames import scores
from ui.data import chosen
from ui.data.spec import DataSpec
from ui.text import escape, score


def sealed(run: Fit) -> dict[str, float]:
    """The scores of the weights that a run keeps, without a word about the test set."""
    found = scores(run.history, run.kept_epoch)
    kept = {k: v for k, v in found.items() if "test" not in k}
    return kept | {"gap": found["training"] - found["validation"]}


def opened_configs(data: DataSpec) -> list[Config]:
    """The settings of the runs that the test set of this table has judged, in this session."""
    return session.state().setdefault("opened", {}).setdefault(data, [])


def unseal(data: DataSpec, config: Config) -> None:
    """Open the test set for a run; to look again at what is open costs nothing."""
    if config not in opened_configs(data):
        opened_configs(data).append(config)


def open_test(data: DataSpec, named: dict[str, Fit], split: Split) -> None:
    """The deliberate act, counted, and what it reveals."""
    name = st.selectbox(
        "Run to be judged",
        list(named),
        index=len(named) - 1,
        key=session.register_control("judged"),
    )
    judged = named[name].config
    st.button(
        "Open the test set", type="primary", key="open_test", on_click=unseal, args=(data, judged)
    )
    opened = opened_configs(data)
    times = ("not yet", "once")[len(opened)] if len(opened) < 2 else f"{len(opened)} times"
    st.markdown(f"Opened in this session: **{times}**.")
    if len(opened) > 1:
        st.caption("Each look makes the next one less honest: a choice made after it has seen it.")
    for label, run in named.items():
        if run.config in opened:
            st.markdown(f"**{escape(label)}**: {flattery(run, split)}")


def flattery(run: Fit, split: Split) -> str:
    """How far the validation score was from the test score, and how far luck alone may be."""
    found = scores(run.history, run.kept_epoch)
    pairs = [(found[part], len(getattr(split, part))) for part in ("validation", "test")]
    luck = sum(share * (1.0 - share) / n for share, n in pairs) ** 0.5
    away = found["validation"] - found["test"]
    return (
        f"validation accuracy {score(found['validation'])}, test accuracy "
        f"**{score(found['test'])}**. The validation score "
        + (f"flattered it by {score(away)}" if away > 0 else f"was too modest by {score(-away)}")
        + f"; with {pairs[0][1]} and {chosen.some(pairs[1][1])} luck alone moves this by about "
        f"±{score(luck)}."
    )
