"""How the three tools work together, and the order in which to use them."""

import pandas as pd
import streamlit as st

from regcore import Fit
from ui.data import chosen
from ui.glossary import say
from ui.sections.test_set import sealed
from ui.text import escape, stated

TITLE = "Read on: how the three work together"
TOOLS = pd.DataFrame(
    {
        "tool": ["L2", "dropout", "early stopping"],
        "acts on": ["the loss", "the network", "training time"],
        "setting": ["λ", "p", "patience"],
        "what it prevents": [
            "weights large enough for cliffs",
            "units that work only together",
            "the epochs in which noise is learned",
        ],
        "what it costs": [
            "a search for λ",
            "more epochs, and noise in training",
            "rows for validation",
        ],
    }
)


def tell() -> None:
    """Tell the story."""
    rows = chosen.rows()
    say(
        "**Different tools, one goal.** Each takes away a different means of memorizing, so they "
        "do not get in each other's way and are often combined. The more a network overfits, "
        "the further each is turned up."
    )
    st.table(TOOLS, hide_index=True, border="horizontal", alt="The three tools compared")
    say(
        "**In which order?** First, make the network large enough to overfit: one that cannot even "
        "learn the training set needs capacity, not regularization. Then turn on one tool at a "
        "time and watch the validation loss. Then let the validation set choose the settings. Last "
        "of all, open the test set, once."
    )
    say(
        "**What none of them does.** Regularization keeps a network from learning noise; it adds "
        f"no knowledge. If these {rows} do not hold the answer, no λ will find it: more data, or "
        "better measurements, help more than any tool on this page."
    )


def known(named: dict[str, Fit]) -> list[str]:
    """Return the key points of the page, with the figures of the runs drawn."""
    losses = {name: sealed(run)["validation loss"] for name, run in named.items()}
    best = min(losses, key=lambda name: losses[name])
    return [
        "L2 changes the loss, dropout the network, early stopping the training time: combine them.",
        f"Settings are chosen by validation loss; of the runs shown, “{escape(best)}” has the "
        f"lowest, {stated(losses[best])}.",
        "The test set is opened once, after the choice: a score that has helped to choose is too "
        "optimistic.",
    ]
