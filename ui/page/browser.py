"""What the browser does beside Streamlit: browser.css and browser.js, once on every page."""

from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

HERE = Path(__file__).parent


def start() -> None:
    """Send style and script. They take no place on the page."""
    st._event.html(_element(), unsafe_allow_javascript=True)


def restore_settings() -> None:
    """After Back or Forward, take all settings from the address. Call it before any control.

    Streamlit 1.67 drops those settings that the page left has, too.
    """
    context = get_script_run_ctx()
    if context is None or not context.is_history_navigation:
        return
    with context.session_state.query_params() as params:
        params.populate_from_query_string(context.query_string)
        params.set_initial_query_params(context.query_string)
        params.update()  # tells the browser, where Streamlit has shortened the address


@cache
def _element() -> str:
    style, script = ((HERE / f"browser.{kind}").read_text("utf-8") for kind in ("css", "js"))
    return f"<style>{style}</style><script>{script}</script>"
