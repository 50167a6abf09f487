"""Ten minutes in front of a class: steps whose links open the pages as they are needed.

A link says ?tour=3&width=4: the page forgets what was set before, asks no question, and takes the
settings that follow.
"""

from typing import Any, NamedTuple

import streamlit as st

from ui.glossary import say


class Step(NamedTuple):
    """A stop on the tour.

    settings  what differs from the defaults: key of a control -> its value
    """

    minute: int
    path: str
    title: str
    say: str
    look: str
    settings: dict[str, Any]


STEPS = (
    Step(
        0,
        "streamlit_app.py",
        "The moment it turns",
        "It gets ever better on the patients it learns from, and from some point on ever worse on "
        "those that it has never seen.",
        "where the test loss is lowest, and where it ends.",
        {},
    ),
    Step(
        1,
        "pages/1_Overfitting.py",
        "64 units",
        "It knows every training patient by heart. That is a warning, not a success.",
        "training accuracy and gap; further down, the surface that bends around single patients.",
        {},
    ),
    Step(
        3,
        "pages/1_Overfitting.py",
        "4 units",
        "A small network cannot learn by heart and the gap closes, but it predicts new patients no "
        "better.",
        "the three figures, then the sweep over the width.",
        {"width": 4},
    ),
    Step(
        4,
        "pages/2_L2.py",
        "λ = 0.05",
        "One added term in the gradient, and the two losses stay together.",
        "the curves with and without L2, then the marked term in the code.",
        {"l2": 0.05},
    ),
    Step(
        6,
        "pages/3_Dropout.py",
        "A fifth silenced",
        "In every pass other units are silenced, none becomes a crutch, and the test loss ends "
        "lower.",
        "press “Next pass”: a fresh mask on the left, every unit at work on the right.",
        {"keep": 0.8},
    ),
    Step(
        7,
        "pages/4_Early_Stopping.py",
        "Patience 20",
        "The same long run, but the weights of its best moment: better on new patients, and it "
        "costs nothing.",
        "the marks on the curve; move the patience, and nothing is trained again.",
        {"patience": 20},
    ),
    Step(
        9,
        "pages/5_All_Together.py",
        "All tools",
        "Validation patients choose, and the test set is opened once, at the very end.",
        "pin this run, change one setting, pin again; then open the test set.",
        {"all_l2": 0.05},
    ),
)
# what a visitor may have set; a step starts from the defaults
CONTROLS = (
    *("data", "noise", "preset", "width", "depth", "rows", "seed", "lr", "l2", "keep", "batch"),
    *("epochs_memorize", "epochs_as_printed", "patience", "min_delta", "whole", "momentum"),
    *("all_seed", "all_epochs", "all_rows", "all_batch", "all_l2", "all_p"),
    *("stop_early", "all_patience", "all_delta", "widths_preset", "lambdas_preset"),
    *("across", "up", "patients", "patient", "passes", "judged"),
)


def show() -> None:
    """The steps, each with its minute, its link, what to say and where to look."""
    st.caption(
        "Each link opens its page with everything set and without asking first; the switches for "
        "questions and for the projector are in the menu."
    )
    for number, step in enumerate(STEPS, start=1):
        left, right = st.columns([1, 3], gap="small")
        label = f"**{step.minute}:00** {step.title}"
        left.page_link(step.path, label=label, query_params=link(number))
        with right:
            say(f"“{step.say}” :gray[Look at: {step.look}]")


def link(number: int) -> dict[str, str]:
    """The address of a step, counted from 1, without the path of its page."""
    settings = {key: str(value) for key, value in STEPS[number - 1].settings.items()}
    return {"tour": str(number)} | settings


def prepare(path: str) -> None:
    """Make the page at `path` ready for a step of the tour, once, when a link has just said so."""
    number = st.query_params.get("tour")
    if number == st.session_state.get("tour"):  # from now on the visitor sets what they like
        return
    st.session_state["tour"] = number
    steps = {str(place): step for place, step in enumerate(STEPS, start=1)}
    step = steps.get(str(number))
    if step is None or step.path != path:
        return
    for key in CONTROLS:
        st.session_state.pop(key, None)
    st.session_state["questions"] = False
    for key, value in step.settings.items():
        if st.query_params.get(key) == str(value):  # in a copied address it may be another
            st.session_state[key] = value
