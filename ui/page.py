"""The header and footer of every page: title, menu, switches, choice of data, links."""

from functools import cache

import streamlit as st

from regcore import PRESETS
from ui import glossary, layout, navigation, session
from ui.data import chosen, upload
from ui.data.spec import DataSpec
from ui.exercises import code_access
from ui.navigation import PAGES, Page
from ui.sections import quiz, tour
from ui.training import trouble
from ui.training.runs import Request, train_ahead
from workers import temporary

MENU_WIDTH = 268  # px: room for the longest title and "predicted"


def header(page: Page) -> None:
    """Draw menu, switches, the choice of data and the title. Call it first on every page."""
    st.set_page_config(
        page_title=page.title, page_icon=page.icon, layout="wide", initial_sidebar_state=MENU_WIDTH
    )
    _start()
    code_access.welcome()
    session.enter(page.path)
    glossary.start()
    tour.prepare(page.path)
    has_data = page is not PAGES["exercises"]  # the exercises use the lesson's table
    with st.sidebar:
        menu = st.container()
        quiz.switch()
        layout.projector_switch()
        with menu:  # after the switch: a link may have set it
            navigation.menu()
        if has_data:
            chosen.choose()
        glossary.button()
    st.title(page.title, anchor=False)
    tour.banner(page.path)
    if has_data:
        upload.box(page.path)


def footer(page: Page) -> None:
    """Draw the glossary entries and links to the neighbours. Call it last on every page."""
    trouble.tell()  # after all training on this page
    glossary.show()
    navigation.neighbours(page)
    train_ahead(Request(DataSpec(), PRESETS["memorize"]))  # Home's run, while the visitor reads


@cache
def _start() -> None:
    """Once per process, remove the temporary files of a server that was killed."""
    temporary.clear()
    temporary.mark_names()
