"""The settings of each page: those of its link, else those that it had.

A link has precedence: if it sets anything of its page, the page has no other setting.
"""

from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui import session
from ui.page.kept import browser_storage
from ui.page.kept.items import settings_in

DATA = session.DATA_CONTROLS
SHARED = (*DATA, "questions", "projector")  # hold on every page


def enter(path: str) -> None:
    """Begin a run of the page at `path` with its settings. Call it before any control."""
    context, news = get_script_run_ctx(), browser_storage.take_news()
    is_back = context is not None and context.is_history_navigation
    if context is not None and is_back:
        # Streamlit 1.67 drops those settings that the page left has, too
        _into_link(context.query_string, complete=True)
    left, is_reload = session.state().get("path"), news == "reload"
    is_arrival = left != path
    session.enter(path)
    is_settled = is_back or news == "reconnect" or "tour" in st.query_params
    wanted = _wanted(path, left, is_reload) if (is_arrival or is_reload) and not is_settled else {}
    if wanted:
        link = st.query_params.to_dict() | wanted
        _into_link(urlencode(link), complete=not is_arrival)
    if is_back or not is_arrival:
        record(path)
    else:  # the link has no setting that the page before did not have in its own
        shared = session.state().get("shared", {}) | _shared(settings_in(st.query_params.to_dict()))
        record(path, shared)


def _wanted(path: str, left: str | None, is_reload: bool) -> dict[str, str]:
    """Return the settings that the page is to have and the link does not say.

    left  the page before, whose settings a link may still have
    """
    state, link = session.state(), settings_in(st.query_params.to_dict())
    links = state.setdefault("links", {})
    if is_reload:
        last = links.get(state.get("place", path), {})
        state["shared"] = _shared(last)
    kept, shared = _own(links.get(path, {})), state.get("shared", {})
    own = dict(_own(link).items() - links.get(left or "", {}).items())
    is_other = bool(own) and own != kept
    if "data" in link or (is_reload and is_other):
        shared = {key: value for key, value in shared.items() if key not in DATA}
    wanted = shared if is_other else kept | shared
    return {key: value for key, value in wanted.items() if key not in link}


def _own(link: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in link.items() if key not in SHARED}


def record(path: str, shared: dict[str, str] | None = None) -> None:
    """Remember the settings in the link: Streamlit forgets them at the first change of page.

    shared  those of all pages; those in the link by default
    """
    if "tour" not in st.query_params:
        link, state = settings_in(st.query_params.to_dict()), session.state()
        state.setdefault("links", {})[path] = _own(link)
        state["shared"] = _shared(link) if shared is None else shared


def _shared(link: dict[str, str]) -> dict[str, str]:
    return {key: link[key] for key in SHARED if key in link}


def _into_link(query: str, *, complete: bool) -> None:
    """Have the controls take their values from this link.

    complete  whether those that it does not name are to have their defaults
    """
    context = get_script_run_ctx()
    if context is None:
        return
    context.is_history_navigation |= complete
    with context.session_state.query_params() as params:
        params.populate_from_query_string(query)
        params.set_initial_query_params(query)
        params.update()  # tells the browser, whose address may be shorter
