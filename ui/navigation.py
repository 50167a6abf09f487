"""The pages by name, the menu, and a visitor's progress."""

from typing import NamedTuple

import streamlit as st

from regcore.exercises import TASKS
from ui import session
from ui.theme import enlarged


class Page(NamedTuple):
    """A page of the app.

    idea  what a learner takes away from it
    asks  whether it asks a question before it shows its result
    """

    path: str
    title: str
    icon: str
    idea: str
    asks: bool = True


HOME = Page("streamlit_app.py", "Regularization Lab", "🧪", "", asks=False)
PAGES = {
    "overfitting": Page(
        "pages/1_Overfitting.py",
        "Overfitting",
        "📈",
        "Watch a network memorize its examples, and see why that is bad news.",
    ),
    "l2": Page(
        "pages/2_L2.py",
        "L2 weight decay",
        "🪶",
        "One added term in the gradient keeps every weight small.",
    ),
    "dropout": Page(
        "pages/3_Dropout.py",
        "Dropout",
        "🎲",
        "Silence units at random, and no unit can become a crutch.",
    ),
    "early stopping": Page(
        "pages/4_Early_Stopping.py",
        "Early stopping",
        "⏱️",
        "Train once, then travel back to the best moment.",
    ),
    "all together": Page(
        "pages/5_All_Together.py",
        "All together",
        "🧰",
        "All tools on one page: pin runs, compare them, and open the test set once.",
    ),
    "exercises": Page(
        "pages/6_Exercises.py",
        "Exercises",
        "✍️",
        f"{len(TASKS)} tasks to solve and have checked, also with your own code.",
        asks=False,
    ),
}
TOPICS = tuple(name for name, page in PAGES.items() if page.asks)
"""The topics of the questions, named like their pages."""


def menu() -> None:
    """Link to each page, with this visitor's progress on it."""
    narrow = enlarged() > 1.0  # larger type in a menu of the same width: only the titles fit
    for name, page in {"": HOME, **PAGES}.items():
        state = "" if page is HOME or narrow else progress_on(name)
        label = f"{page.title} · {state}" if state else page.title
        st.page_link(page.path, label=label, icon="" if narrow else page.icon)


def progress_on(name: str) -> str:
    """Return this visitor's progress on a page in words; "" if they have not visited it."""
    if name == "exercises" and session.tasks_passed():  # perhaps from a progress file
        return f"{session.tasks_passed()} of {len(TASKS)} solved"
    if PAGES[name].asks and session.has_answered(name):
        return "predicted"
    return "visited" if session.has_visited(PAGES[name].path) else ""


def neighbours(page: Page) -> None:
    """Link to the pages before and after this one."""
    pages = (HOME, *PAGES.values())
    place = pages.index(page)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        if place > 0:
            st.page_link(pages[place - 1].path, label=f"← {pages[place - 1].title}")
        if place + 1 < len(pages):
            st.page_link(pages[place + 1].path, label=f"{pages[place + 1].title} →")
