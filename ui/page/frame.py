"""The header and footer of every page: title, menu, switches, choice of data, links."""

from collections.abc import Sequence
from functools import cache
from typing import Literal, NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui import charts, glossary, layout, navigation, session
from ui.data import chosen, upload
from ui.exercises import code_access
from ui.navigation import APP, HOME, Page
from ui.page import browser, settings
from ui.page.kept import browser_storage
from ui.sections import quiz, tour
from ui.sections.room import words
from ui.sections.studies import defaults
from ui.theme import enlarged
from ui.training import trouble
from workers import temporary

MENU_WIDTH = 268  # px
ICON = "🧪"  # the browser would load Material's icons for its tab from elsewhere


def header(page: Page) -> DeltaGenerator:
    """Draw menu, switches, the choice of data and the title. Call it first on every page.

    Return the place in the menu for the list of what is on this page.
    """
    title = APP if page is HOME else f"{page.title} · {APP}"
    projected = enlarged() > 1.0 or st.query_params.get("projector") == "true"
    menu: Literal["collapsed"] | int = "collapsed" if projected else MENU_WIDTH
    st.set_page_config(page_title=title, page_icon=ICON, layout="wide", initial_sidebar_state=menu)
    browser.load_charts()
    _start()
    browser.start()
    browser.correct_address()
    browser_storage.ask()
    code_access.welcome()
    settings.enter(page.path)
    browser_storage.write()
    browser_storage.tell()
    glossary.start()
    layout.named().clear()
    tour.prepare(page.path)
    with st.sidebar:
        learner = st.container()
        st.caption("For a class")
        quiz.switch()
        layout.projector_switch()
    with learner:  # after the switches: a link may have set them
        navigation.menu(page)
        if page.has_data:
            chosen.choose()
        with st.container(horizontal=True):
            glossary.button()
            contents = st.container(width="content")
    charts.start()  # after the switch of the projector
    lies = f" :orange-badge[{chosen.flipped()}% of the training labels are flipped]"
    text = APP if page is HOME else page.title
    tour.title(f"{text}{lies if page.has_data and chosen.flipped() else ''}", page.path)
    if page.has_data:
        upload.box()
    return contents


def bare(page: Page) -> None:
    """Begin a page without menu, switches and data: for the phones of a class."""
    st.set_page_config(page_title=page.title, page_icon=ICON, initial_sidebar_state="collapsed")
    _start()
    browser.start()


def lead(text: str) -> None:
    """Show the idea of the page in two lines; in the tour, what its step says."""
    if not tour.lead(session.state()["path"]):
        glossary.say(text)


def footer(page: Page, known: Sequence[str] = (), contents: DeltaGenerator | None = None) -> None:
    """Draw the links to the neighbors. Call it last on every page.

    known     what one knows after this page, in a few sentences
    contents  where to list the sections and folds of the page
    """
    settings.record(page.path)
    trouble.tell()  # after all training on this page
    if contents is not None:
        with contents:
            navigation.jump(layout.named())
    navigation.neighbours(page, known)
    defaults.prepare(page)


def stop(page: Page) -> NoReturn:
    """End a page early, with its footer: for example while its question is open."""
    footer(page)
    st.stop()


@cache
def _start() -> None:
    """Once per process, remove the temporary files of a server that was killed."""
    temporary.clear()
    temporary.mark_names()
    words.copy()  # a wrong letter is told at the start, and not in front of a class
