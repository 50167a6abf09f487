"""What the browser does beside Streamlit: browser.css and browser.js, once on every page."""

from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui import navigation

# the dialog that says "Page not found" goes with the page
LEAD_TO = """<script>
location.replace(location.pathname.replace(/[^/]*\\/?$/, "%s") + location.search)
</script>"""
HERE = Path(__file__).parent
# Streamlit's browser code for charts and tables, its largest parts. Else it is loaded when the
# first chart arrives, which is after the first training.
MODULES = ("ArrowVegaLiteChart", "embed", "DataFrame")
LOAD = "<script>for (const file of %s) import(`./static/js/${file}`)</script>"


def start() -> None:
    """Send style and script. They take no place on the page."""
    st._event.html(_element(), unsafe_allow_javascript=True)


def load_charts() -> None:
    """Have the browser load the code for charts now, while the page is computed."""
    st._event.html(_loading(), unsafe_allow_javascript=True)


@cache
def _loading() -> str:
    folder = Path(st.__file__).parent / "static/static/js"
    return LOAD % [file.name for name in MODULES for file in sorted(folder.glob(f"{name}.*.js"))]


def correct_address() -> None:
    """Lead an address such as /early_stopping to its page, which Streamlit does not find."""
    context = get_script_run_ctx()
    asked = context.pages_manager.intended_page_name if context else None
    address = navigation.address_of(asked) if asked else None
    if address is not None and address != asked:
        st.html(LEAD_TO % address, unsafe_allow_javascript=True)
        st.stop()


@cache
def _element() -> str:
    style, script = ((HERE / f"browser.{kind}").read_text("utf-8") for kind in ("css", "js"))
    return f"<style>{style}</style><script>{script}</script>"
