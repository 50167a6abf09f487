"""The frame around every page: its title, the menu, the way on."""

from functools import cache
from typing import NamedTuple

import streamlit as st

from regcore import PRESETS, temporary
from ui import (
    glossary,
    learner_code,
    predict,
    projector,
    runs,
    tables,
    tour,
    trouble,
    visits,
)
from ui.look import enlarged


class Page(NamedTuple):
    """One room of the app.

    idea   what a learner takes away from it
    topic  that of its question in ui/predict.py; "" where none is asked
    """

    path: str
    title: str
    icon: str
    idea: str
    topic: str = ""


HOME = Page("streamlit_app.py", "Regularization Lab", "🧪", "")
PAGES = (
    Page(
        "pages/1_Overfitting.py",
        "Overfitting",
        "📈",
        "Watch a network learn its examples by heart, and see why that is bad news.",
        "overfitting",
    ),
    Page(
        "pages/2_L2.py",
        "L2 weight decay",
        "🪶",
        "One added term in the gradient keeps every weight small.",
        "l2",
    ),
    Page(
        "pages/3_Dropout.py",
        "Dropout",
        "🎲",
        "Silence units at random, and no unit can become a crutch.",
        "dropout",
    ),
    Page(
        "pages/4_Early_Stopping.py",
        "Early stopping",
        "⏱️",
        "Train once, then travel back to the best moment.",
        "early stopping",
    ),
    Page(
        "pages/5_All_Together.py",
        "All together",
        "🧰",
        "All tools on one bench: pin runs, compare them, and open the test set once.",
        "all together",
    ),
    Page(
        "pages/6_Exercises.py",
        "Exercises",
        "✍️",
        "Eight tasks to answer, run and have checked, also in your own code.",
    ),
)
EXERCISES = PAGES[-1]
MENU = 268  # px: room for the longest title and "predicted"


def frame(page: Page) -> None:
    """Settings, menu, switches, the choice of data, and title. Call it first on every page."""
    st.set_page_config(
        page_title=page.title, page_icon=page.icon, layout="wide", initial_sidebar_state=MENU
    )
    _clear_up()
    learner_code.welcome()
    visits.enter(page.path)
    glossary.start()
    tour.prepare(page.path)
    with st.sidebar:
        menu = st.container()
        predict.switch()
        projector.switch()
        with menu:  # after the switch: a link may have set it
            _menu()
        if page is not EXERCISES:  # they are about the table of the lesson
            tables.choose()
        glossary.button()
    st.title(page.title, anchor=False)
    tour.banner(page.path)
    if page is not EXERCISES:
        tables.bring(page.path)


def way_on(page: Page) -> None:
    """The words of the page, and links to the rooms beside it. Call it last on every page."""
    trouble.tell()  # only now: the trainings of this page are over
    glossary.show()
    rooms = (HOME, *PAGES)
    at = rooms.index(page)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        if at > 0:
            st.page_link(rooms[at - 1].path, label=f"← {rooms[at - 1].title}")
        if at + 1 < len(rooms):
            st.page_link(rooms[at + 1].path, label=f"{rooms[at + 1].title} →")
    # Home's picture, while this visitor reads: who comes there later shall not wait behind a class
    runs.train_ahead(runs.Request(runs.Data(), PRESETS["memorize"]))


@cache
def _clear_up() -> None:
    """Once after the start: what a server that was killed has left behind."""
    temporary.clear()


def _menu() -> None:
    """A link to each page, and in words how far this visitor has come there."""
    narrow = enlarged() > 1.0  # the type grows and the menu does not: room for the titles alone
    for room in (HOME, *PAGES):
        state = "" if room is HOME or narrow else visits.state(room.path, room.topic)
        label = f"{room.title} · {state}" if state else room.title
        st.page_link(room.path, label=label, icon="" if narrow else room.icon)
