"""Ten minutes in front of a class: steps whose links open the pages as they are needed.

A link says ?tour=3&width=4: the page forgets what was set before, asks no question, and takes the
settings that follow.
"""

from typing import Any, NamedTuple

import streamlit as st

from ui import layout, session
from ui.glossary import note, say


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
        "A small network cannot learn by heart: the gap shrinks and the test loss stays low. But "
        "it gets no more new patients right.",
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
        "In every pass other units are silenced, none becomes a crutch, and the test loss ends "
        "lower.",
        "press “Next pass”: a fresh mask on the left, every unit at work on the right.",
        {"keep": 0.8},
    ),
    Step(
        7,
        "pages/4_Early_Stopping.py",
        "Patience 20",
        "The same long run, but the weights of its best moment: better on new patients. The price: "
        "a fifth of the training patients only watch.",
        "the marks on the curve; move the patience, and nothing is trained again.",
        {"patience": 20},
    ),
    Step(
        9,
        "pages/5_All_Together.py",
        "All tools",
        "Any tool, any strength: validation patients choose, and the test set is opened once, at "
        "the very end.",
        "pin this run with L2, change one setting, pin again; then open the test set.",
        {"all_l2": 0.05},
    ),
)


def show() -> None:
    """The steps, each with its minute, its link, what to say and where to look."""
    st.caption(
        "Each link opens its page with everything set and without asking first; the switches for "
        "questions and for the projector are in the menu."
    )
    for number, step in enumerate(STEPS, start=1):
        left, right = layout.bench(0.3)
        label = f"**{step.minute}:00** {step.title}"
        if number == 1:
            left.markdown(f"{label}: the picture above")
        else:
            left.page_link(step.path, label=f"{label} →", query_params=link(number))
        with right:
            say(f"“{step.say}” :gray[Look at: {step.look}]")


def banner(path: str) -> None:
    """On the page of a step where to look, and the way on. What to say is for the teacher alone."""
    number = _number()
    if not number or STEPS[number - 1].path != path:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        note(f"**Tour, step {number} of {len(STEPS)}.** Look at: {STEPS[number - 1].look}")
        if number < len(STEPS):
            on = STEPS[number]
            label = f"{on.minute}:00 {on.title} →"
            st.page_link(on.path, label=label, query_params=link(number + 1))


def link(number: int) -> dict[str, str]:
    """The address of a step, counted from 1, without the path of its page."""
    settings = {key: str(value) for key, value in STEPS[number - 1].settings.items()}
    return {"tour": str(number)} | settings


def prepare(path: str) -> None:
    """Make the page at `path` ready for a step of the tour, once, when a link has just said so."""
    number = st.query_params.get("tour")
    if number == session.state().get("tour"):  # from now on the visitor sets what they like
        return
    session.state()["tour"] = number
    if not _number() or (step := STEPS[_number() - 1]).path != path:
        return
    session.reset_controls()
    st.session_state["questions"] = False
    for key, value in step.settings.items():
        if st.query_params.get(key) == str(value):  # in a copied address it may be another
            st.session_state[key] = value


def _number() -> int:
    """The step that a link has asked for, from 1; 0 for none."""
    steps = {str(number): number for number in range(1, len(STEPS) + 1)}
    return steps.get(str(session.state().get("tour")), 0)
