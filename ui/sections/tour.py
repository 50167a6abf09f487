"""A ten-minute tour for a class: steps with links that open the pages with their settings.

A link has the form ?tour=3&width=4: the page resets its controls, asks no question, and takes the
settings that follow.
"""

from typing import Any, NamedTuple

import streamlit as st

from ui import layout, session
from ui.glossary import note, say


class Step(NamedTuple):
    """A step of the tour.

    settings  those that differ from the defaults: key of a control -> its value
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
        "It keeps getting better on the patients it learns from, and from some point on it gets "
        "worse on those it has never seen.",
        "where the test loss is lowest, and where it ends.",
        {},
    ),
    Step(
        1,
        "pages/1_Overfitting.py",
        "64 units",
        "It has memorized every training patient. That is a warning, not a success.",
        "training accuracy and gap; further down, the surface that bends around single patients.",
        {},
    ),
    Step(
        3,
        "pages/1_Overfitting.py",
        "4 units",
        "A small network cannot memorize: the gap shrinks and the test loss stays low. But it gets "
        "no more new patients right.",
        "the three figures, then the sweep over the width.",
        {"width": 4},
    ),
    Step(
        4,
        "pages/2_L2.py",
        "λ = 0.05",
        "One added term in the gradient, and the two losses stay together. Test accuracy moves by "
        "one patient: that alone proves nothing.",
        "the curves with and without L2, then the marked term in the code.",
        {"l2": 0.05},
    ),
    Step(
        6,
        "pages/3_Dropout.py",
        "A fifth silenced",
        "Every pass silences different units, none becomes a crutch, and the test loss ends lower.",
        "press “Next pass”: a fresh mask on the left, every unit active on the right.",
        {"keep": 0.8},
    ),
    Step(
        7,
        "pages/4_Early_Stopping.py",
        "Patience 20",
        "The same long run, but with the weights of its best epoch: better on new patients. The "
        "price: a fifth of the training patients are used for validation only.",
        "the marks on the curve; move the patience, and nothing is trained again.",
        {"patience": 20},
    ),
    Step(
        9,
        "pages/5_All_Together.py",
        "All tools",
        "Any tool, any strength: the validation patients choose, and the test set is opened once, "
        "at the very end.",
        "pin this run with L2, change one setting, pin again; then open the test set.",
        {"all_l2": 0.05},
    ),
)


def show() -> None:
    """Show the steps, each with its minute, its link, what to say and where to look."""
    st.caption(
        "Each link opens its page with its settings and without a question; the switches for "
        "questions and the projector are in the menu."
    )
    for number, step in enumerate(STEPS, start=1):
        left, right = layout.bench(0.3)
        label = f"**{step.minute}:00** {step.title}"
        if number == 1:
            left.markdown(f"{label}: the chart above")
        else:
            left.page_link(step.path, label=f"{label} →", query_params=link(number))
        with right:
            say(f"“{step.say}” :gray[Look at: {step.look}]")


def banner(path: str) -> None:
    """Show on a step's page where to look, and a link to the next step."""
    number = _number()
    if not number or STEPS[number - 1].path != path:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        note(f"**Tour, step {number} of {len(STEPS)}.** Look at: {STEPS[number - 1].look}")
        if number < len(STEPS):
            step = STEPS[number]
            label = f"{step.minute}:00 {step.title} →"
            st.page_link(step.path, label=label, query_params=link(number + 1))


def link(number: int) -> dict[str, str]:
    """Return the query parameters of a step, counted from 1."""
    settings = {key: str(value) for key, value in STEPS[number - 1].settings.items()}
    return {"tour": str(number)} | settings


def prepare(path: str) -> None:
    """Set up the page at `path` for the step in the link, once."""
    number = st.query_params.get("tour")
    if number == session.state().get("tour"):  # already set up: the visitor may change settings
        return
    session.state()["tour"] = number
    if not _number() or (step := STEPS[_number() - 1]).path != path:
        return
    session.reset_controls()
    st.session_state["questions"] = False
    for key, value in step.settings.items():
        if st.query_params.get(key) == str(value):  # a copied address may have another value
            st.session_state[key] = value


def _number() -> int:
    """Return the step of the last link, from 1; 0 for none."""
    steps = {str(number): number for number in range(1, len(STEPS) + 1)}
    return steps.get(str(session.state().get("tour")), 0)
