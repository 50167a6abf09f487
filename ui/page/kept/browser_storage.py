"""The browser's own storage: what a session has done is written there, and a new session asks it.

The component (kept.js) writes what differs from what it knows of this session, so writing causes no
rerun. It answers once in each session, with all that is stored: see `ui.page.kept.items`. A cookie
says that there is something, so that a new session waits for it before it draws; it says no more.
"""

import json
from secrets import token_hex
from time import monotonic, sleep
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui import session
from ui.exercises import drafts
from ui.page.kept import items
from ui.page.kept.items import BY_BROWSER
from ui.text import beside

COOKIE, KEY = "reglab-kept", "browser_storage"
PATIENCE, LOOK = 3.0, 0.02  # s, for an answer before a new session goes on without it
STORAGE = st.components.v2.component("storage", js=beside(__file__, "kept.js"))
SENTENCES = {
    "forbidden": "This browser lets the app store nothing: what you do is lost when you reload.",
    "full": "This browser's storage is full: what you do from now on is lost on a reload.",
    "nonsense": "Part of what this browser kept cannot be read and was left out.",
}


class Kept:
    """This session's part of the storage.

    number  distinguishes the session: an answer to another one is not taken
    before  the items that the browser had at the start; none unless it says so
    sent    names of all that it had since
    news    "reload" or "reconnect" after an answer, until the next run uses it
    """

    def __init__(self) -> None:
        self.number, self.until = token_hex(8), monotonic() + PATIENCE
        self.before: items.Items = {}
        self.sent: set[str] = set()
        self.is_answered = False
        self.told = ""  # the trouble that was told
        self.is_drawn = False  # in this run
        self.news, self.trouble, self.forgotten = "", "", False


def ask() -> None:
    """In a new session whose browser keeps something, wait until it has said what."""
    kept, context = _kept(), get_script_run_ctx()
    kept.is_drawn = False
    if kept.is_answered or context is None or st.context.cookies.get(COOKIE) != "1":
        return
    if monotonic() < kept.until:
        write(wait=True)
    while monotonic() < kept.until:
        sleep(LOOK)
        context.yield_check()  # the answer ends this run and starts the next


def write(*, wait: bool = False) -> None:
    """Hand the browser what has changed in this session, once in each run.

    wait  whether it is to answer even if it keeps nothing
    """
    kept = _kept()
    if kept.is_drawn:
        return
    kept.is_drawn = True
    data = {
        "number": kept.number,
        "wait": wait,
        "answered": kept.is_answered,
        "items": _changed(kept),
        "forget": kept.forgotten,
    }
    with st._event:  # takes no place on the page
        STORAGE(key=KEY, data=data, on_answer_change=_hear)


def take_news() -> str:
    """Return once that the browser has answered: after a "reload", or a "reconnect"; else ""."""
    kept = _kept()
    news, kept.news = kept.news, ""
    return news


def tell() -> None:
    """Say in one sentence what is wrong with the storage, if anything is; once."""
    kept = _kept()
    if kept.trouble != kept.told:
        kept.told = kept.trouble
        st.toast(SENTENCES[kept.trouble], icon=":material/save:", duration="long")


def meaning() -> str:
    """Return what the browser keeps, in a few words."""
    trouble = _kept().trouble
    if trouble in ("forbidden", "full"):
        return f"{SENTENCES[trouble]} Download your progress to keep it."
    return (
        "This browser keeps your code, answers, pins and settings, even when you reload or come "
        "back another day; nothing is sent elsewhere. A table of your own is not kept. Download "
        "your progress to take it to another browser."
    )


def forget() -> None:
    """Have the browser forget all that it keeps, and start anew."""
    _kept().forgotten = True


def _kept() -> Kept:
    return session.state().setdefault("kept", Kept())


def _changed(kept: Kept) -> dict[str, str | None]:
    """Return the items that differ from those at the start, as JSON; None for one removed."""
    now = items.as_json()
    kept.sent |= set(now)
    gone = dict.fromkeys(kept.sent - set(now))
    same = {name for name, value in kept.before.items() if value == json.loads(now.get(name, "0"))}
    return gone | {name: text for name, text in now.items() if name not in same}


def _hear() -> None:
    """Take the browser's answer, before the page is drawn."""
    kept, answer = _kept(), (st.session_state.get(KEY) or {}).get("answer")
    if type(answer) is not dict or answer.get("number") != kept.number:
        return
    trouble = answer.get("trouble")
    kept.trouble = trouble if type(trouble) is str and trouble in SENTENCES else kept.trouble
    if not kept.is_answered and "items" in answer:
        _restore(kept, answer)


def _restore(kept: Kept, answer: dict[str, Any]) -> None:
    stored, kept.is_answered = answer["items"], True
    unusable = items.restore(stored)
    drafts.take(answer.get("drafts"))
    valid = {name: stored[name] for name in stored if name not in unusable} if stored else {}
    kept.before = {n: value for n, value in valid.items() if not n.startswith(BY_BROWSER)}
    kept.sent = {*kept.before, *unusable}
    kept.news = "reconnect" if answer.get("same") is True else "reload"
    if unusable:
        kept.trouble = kept.trouble or "nonsense"
