"""What every page begins and ends with: title, menu, switches, the choice of data; links."""

from functools import cache

import streamlit as st

from regcore import PRESETS
from ui import glossary, layout, navigation, session
from ui.data import picker
from ui.data.spec import DataSpec
from ui.exercises import code_access
from ui.navigation import PAGES, Page
from ui.sections import quiz, tour
from ui.training import trouble
from ui.training.runs import Request, train_ahead
from workers import temporary

MENU = 268  # px: room for the longest title and "predicted"


def header(page: Page) -> None:
    """Settings, menu, switches, the choice of data, and title. Call it first on every page."""
    st.set_page_config(
        page_title=page.title, page_icon=page.icon, layout="wide", initial_sidebar_state=MENU
    )
    _start()
    code_access.welcome()
    session.enter(page.path)
    glossary.start()
    tour.prepare(page.path)
    has_data = page is not PAGES["exercises"]  # they are about the table of the lesson
    with st.sidebar:
        menu = st.container()
        quiz.switch()
        layout.projector_switch()
        with menu:  # after the switch: a link may have set it
            navigation.menu()
        if has_data:
            picker.choose()
        glossary.button()
    st.title(page.title, anchor=False)
    tour.banner(page.path)
    if has_data:
        picker.bring(page.path)


def footer(page: Page) -> None:
    """The glossary entries of the page, and links to its neighbours. Call it last on every page."""
    trouble.tell()  # only now: the trainings of this page are over
    glossary.show()
    navigation.neighbours(page)
    train_ahead(Request(DataSpec(), PRESETS["memorize"]))  # Home's picture, while they read


@cache
def _start() -> None:
    """Once in this process: clear what a server that was killed has left behind."""
    temporary.clear()
    temporary.mark_names()
