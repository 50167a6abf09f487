"""The terms of ui/terms.py on the pages: links in the text, and the entries that they lead to.

say("One epoch is one pass.")                     # links the first use of each term on a page
slider(..., help=meaning("patience"))             # explains a term at a control
glossary.show()                                   # last on the page: the linked entries

A link to another page would open a new tab with a new session, without the learner's work. So
the entries are on the page itself.
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
# Markdown text has no anchors, so a script leads from an entry back to the first use of its term.
# It also outlines the entry that was opened for three seconds.
BACK = """<script>
for (const link of document.querySelectorAll('a[href^="#word-"]'))
  link.onclick = () => {
    const entry = document.getElementById(link.hash.slice(1));
    entry.style.outline = "2px solid";
    setTimeout(() => entry.style.outline = "", 3000);
  };
for (const back of document.querySelectorAll("[data-word]"))
  back.onclick = event => {
    event.preventDefault();
    const use = document.querySelector(`a[href="#${back.dataset.word}"]`);
    const fold = use?.closest("details:not([open])");
    if (!fold) return use?.focus();
    fold.querySelector("summary").click();
    setTimeout(() => use.focus(), 500);
  };
</script>"""


def linked(text: str) -> str:
    """Return Markdown in which the first use of each term on this page links to its entry.

    Hovering over the link shows the meaning. Not for fragments, which are redrawn alone.
    """
    parts = NAMES.split(text)  # names are at the odd places
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


def show() -> None:
    """Show the entries of the terms that this page links to."""
    if not _linked():
        return
    st.subheader("Words on this page", anchor=False)
    entries = "".join(_entry(name) for name in WORDS if name in _linked())
    columns = "columns: 22rem; column-gap: 2rem; font-size: 0.875rem; margin: 0; padding: 0"
    st.html(f'<dl style="{columns}">{entries}</dl>{BACK}', unsafe_allow_javascript=True)


def stop() -> NoReturn:
    """End a page early, with its entries at the bottom."""
    with st._main:  # wherever on the page this is called
        show()
    st.stop()


def button() -> None:
    """Show all terms, behind a button in the menu."""
    with st.popover("Glossary", type="tertiary"):
        st.markdown("\n\n".join(f"**{name}**: {meaning}" for name, meaning in WORDS.items()))


def anchor(name: str) -> str:
    """Return the anchor of the entry of a term."""
    return "word-" + name.replace(" ", "-").replace("λ", "lambda")


def _entry(name: str) -> str:
    place, text = anchor(name), html.escape(WORDS[name])
    style, label = "color: inherit; text-decoration: none", f"Back to {name} in the text"
    back = f'<a href="#" data-word="{place}" style="{style}" aria-label="{label}">↑</a>'
    return (
        f'<div id="{place}" tabindex="-1" style="break-inside: avoid; margin-bottom: 0.5rem">'
        f'<dt><b>{name}</b> {back}</dt><dd style="margin: 0">{text}</dd></div>'
    )


def _linked() -> set[str]:
    return session.state().setdefault("words", set())
