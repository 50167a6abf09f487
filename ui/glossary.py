"""The terms of ui/terms.py on the pages: in the text, at the controls and in the menu.

say("One epoch is one pass.")                     # links the first use of each term on a page
slider(..., help=meaning("patience"))             # explains a term at a control
glossary.button()                                 # lists all terms

A press on a linked term opens its meaning beside it, see ui/page/browser.js. Without the script,
the title of the link shows it.
"""

import html
import re
from functools import cache
from typing import NoReturn

import streamlit as st

from ui import session
from ui.terms import FORMS, WORDS

# terms in code, formulas, links and quotes are names: they are not linked
NAMES = re.compile(r"(`[^`]*`|\$[^$]*\$|“[^”]*”|\[[^\]]*\]\([^)]*\))")
# a line does not break within a setting such as "λ = 0.05"
SETTING, BOUND = re.compile(r"\b([λμηp]) = (?=\d)"), "\\1\u00a0=\u00a0"
LIST = """<input id="glossary-filter" type="search" placeholder="Filter" aria-label="Filter terms">
<dl id="glossary" tabindex="0" aria-label="Terms">{}</dl>"""


def linked(text: str) -> str:
    """Return Markdown in which the first use of each term on this page is linked.

    Not for fragments, which are redrawn alone.
    """
    parts = NAMES.split(text)  # names are at the odd places
    parts[::2] = (SETTING.sub(BOUND, part) for part in parts[::2])
    known = _linked()
    for name in [name for name in WORDS if name not in known]:
        for place in range(0, len(parts), 2):
            if match := pattern(name).search(parts[place]):
                before, after = parts[place][: match.start()], parts[place][match.end() :]
                link = f'[{match[0]}](#{anchor(name)} "{WORDS[name]}")'
                parts[place : place + 1] = [before, link, after]
                known.add(name)
                break
    return "".join(parts)


def say(text: str) -> None:
    """Show text with the first use of each term linked."""
    st.markdown(linked(text))


def note(text: str) -> None:
    """Show such text in small type; a caption would be too pale for its links."""
    st.markdown(f":small[{linked(text)}]")


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return the pattern that matches a term in any of its forms."""
    forms = FORMS.get(name, f"{re.escape(name)}s?")
    return re.compile(rf"(?<![\w-])({forms})(?![\w-])", re.IGNORECASE)


def start() -> None:
    """Forget which terms were linked when the page was last drawn."""
    _linked().clear()


def stop() -> NoReturn:
    """End a page early."""
    st.stop()


def button() -> None:
    """List all terms behind a button, with a filter."""
    with st.popover("Glossary", type="tertiary"):
        st.html(LIST.format("".join(map(_entry, WORDS))))


def anchor(name: str) -> str:
    """Return what a link to a term leads to, without its #."""
    return "word-" + name.replace(" ", "-").replace("λ", "lambda")


def _entry(name: str) -> str:
    return f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(WORDS[name])}</dd></div>"


def _linked() -> set[str]:
    return session.state().setdefault("words", set())
