"""The pages by name, the menu, and a visitor's progress."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import NamedTuple

import streamlit as st

from regcore.exercises import TASKS
from ui import glossary, session
from ui.text import escape
from ui.theme import enlarged


class Page(NamedTuple):
    """A page of the app.

    idea      what a learner takes away from it
    asks      whether it asks a question before it shows its result
    has_data  whether it is about the table that the visitor chooses in the menu
    """

    path: str
    title: str
    icon: str
    idea: str
    asks: bool = True
    has_data: bool = True

    @property
    def place(self) -> str:
        """Its name in an address: "Early_Stopping", or "" for Home."""
        return PurePath(self.path).stem.partition("_")[2] if "/" in self.path else ""


APP = "Regularization Lab"
HOME = Page("streamlit_app.py", "Home", ":material/home:", "", asks=False)
PAGES = {
    "overfitting": Page(
        "pages/1_Overfitting.py",
        "Overfitting",
        ":material/trending_up:",
        "Watch a network memorize its examples, and see why that does not generalize.",
    ),
    "l2": Page(
        "pages/2_L2.py",
        "L2 weight decay",
        ":material/compress:",
        "One added term in the gradient keeps every weight small.",
    ),
    "dropout": Page(
        "pages/3_Dropout.py",
        "Dropout",
        ":material/casino:",
        "Drop units at random, so that no unit can rely on another.",
    ),
    "early stopping": Page(
        "pages/4_Early_Stopping.py",
        "Early stopping",
        ":material/timer:",
        "Stop once validation loss no longer improves, and keep the best weights.",
    ),
    "all together": Page(
        "pages/5_All_Together.py",
        "All together",
        ":material/tune:",
        "All tools on one page: pin runs, compare them, and open the test set once.",
    ),
    "exercises": Page(
        "pages/6_Exercises.py",
        "Exercises",
        ":material/edit_note:",
        f"{len(TASKS)} exercises, in code or with a form, checked automatically.",
        asks=False,
        has_data=False,  # they are about the lesson's table
    ),
}
ROOM = Page("pages/7_Room.py", "A room for the class", "", "", asks=False)
"""Where phones vote. No menu leads there: see ui/sections/room."""
TOPICS = tuple(name for name, page in PAGES.items() if page.asks)
"""The topics of the questions, named like their pages."""


MENU_HEIGHT = 248  # px: seven links of 32 px with gaps of 4 px


def last_place() -> Page | None:
    """Return the page on which this browser's last session ended, if it kept that."""
    place = session.state().get("place")
    return next((page for page in PAGES.values() if page.path == place), None)


def address_of(name: str) -> str | None:
    """Return the address of the page that somebody means by another way to write it, if any."""
    plain = name.replace("-", "_").replace(" ", "_").casefold()
    places = (page.place for page in (*PAGES.values(), ROOM))
    return next((place for place in places if place.casefold() == plain), None)


# progress on a page -> its sign in the menu; a screen reader says the name of the icon
SIGNS = {"": "", "predicted": ":material/done:", "visited": ":material/visibility:"}


def menu(here: Page) -> None:
    """Link to each page, with a sign of this visitor's progress on it if the type leaves room."""
    st.markdown(f"**{APP}**")
    with st.container(height=round(MENU_HEIGHT * enlarged()), border=False, key="menu"):
        for name, page in {"": HOME, **PAGES}.items():
            state = "" if page is HOME or enlarged() > 1.0 else progress_on(name)
            if page is here and state == "visited":
                state = ""  # that is no news
            st.page_link(page.path, label=f"{page.title} {SIGNS.get(state, state)}", icon=page.icon)


def progress_on(name: str) -> str:
    """Return this visitor's progress on a page, as in SIGNS or as "2/8"."""
    if name == "exercises" and session.tasks_passed():  # perhaps from a progress file
        return f"{session.tasks_passed()}/{len(TASKS)}"
    if PAGES[name].asks and session.has_answered(name):
        return "predicted"
    return "visited" if session.has_visited(PAGES[name].path) else ""


def jump(names: Sequence[str]) -> None:
    """List the headings and folds with these names, with links that lead to them.

    ui/page/browser.js follows the links, without an entry in the history.
    """
    links = (f"[{escape(name)}](#to-{place})" for place, name in enumerate(names, 1))
    with st.popover("On this page", type="tertiary"):
        st.markdown("  \n".join(links))


def neighbours(page: Page, known: Sequence[str] = ()) -> None:
    """Link to the pages before and after this one; between them, what one knows now, if any."""
    pages = (HOME, *PAGES.values())
    place = pages.index(page)
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        if place > 0:
            st.page_link(pages[place - 1].path, label=f"← {pages[place - 1].title}")
        if known:
            with st.popover("What you now know", type="tertiary", icon=":material/checklist:"):
                st.markdown("\n".join(f"- {glossary.linked(point)}" for point in known))
        if place + 1 < len(pages):
            st.page_link(pages[place + 1].path, label=f"{pages[place + 1].title} →")
