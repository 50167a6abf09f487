"""The words of ui/terms.py on the pages: links from the text, and where the links lead.

say("One epoch is one pass.")                     # the first use of each word on a page is a link
slider(..., help=meaning("patience"))             # or it stands at a control
glossary.show()                                   # last on the page: what the links lead to

A link to another page would open a new tab, and a session of its own that knows nothing of the
learner's work. So the entries stand on the page itself, and the link stays there.
"""

import html
import re
from functools import cache
from typing import NoReturn

import streamlit as st

from ui import session
from ui.terms import WORDS, meaning

# words in code, in formulas, in links and in quotes are names: no links are made of them
NAMES = re.compile(r"(`[^`]*`|\$[^$]*\$|“[^”]*”|\[[^\]]*\]\([^)]*\))")
# an entry leads back to the first use of its word; the text itself has no places to lead to
# the entry that a link has led to stands out for a while
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
    """Markdown in which the first use of each word on this page is a link to its entry.

    Hovering over the link shows the meaning. Not for fragments: what is drawn anew is no first use.
    """
    parts = NAMES.split(text)  # names are at the odd places
    known = _linked()
    for name in [name for name in WORDS if name not in known]:
        for place in range(0, len(parts), 2):
            if found := pattern(name).search(parts[place]):
                before, after = parts[place][: found.start()], parts[place][found.end() :]
                parts[place : place + 1] = [before, _link(name, found[0]), after]
                known.add(name)
                break
    return "".join(parts)


def say(text: str) -> None:
    """Running text, with the first use of each word linked."""
    st.markdown(linked(text))


def note(text: str) -> None:
    """The same in small type; a caption would be too pale for its links."""
    st.markdown(f":small[{linked(text)}]")


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Where a word is met in a text, in any of its forms."""
    forms = WORDS[name].forms or f"{re.escape(name)}s?"
    return re.compile(rf"(?<![\w-])({forms})(?![\w-])", re.IGNORECASE)


def start() -> None:
    """Forget what was linked when the page was last drawn."""
    _linked().clear()


def show() -> None:
    """The entries of the words that this page links to."""
    if not _linked():
        return
    st.subheader("Words on this page", anchor=False)
    entries = "".join(_entry(name) for name in WORDS if name in _linked())
    columns = "columns: 22rem; column-gap: 2rem; font-size: 0.875rem; margin: 0; padding: 0"
    st.html(f'<dl style="{columns}">{entries}</dl>{BACK}', unsafe_allow_javascript=True)


def stop() -> NoReturn:
    """End a page early, with its entries below all that is there."""
    with st._main:  # wherever on the page the end comes
        show()
    st.stop()


def button() -> None:
    """All words, behind a button in the menu."""
    with st.popover("Glossary", type="tertiary"):
        st.markdown("\n\n".join(f"**{name}**: {entry.meaning}" for name, entry in WORDS.items()))


def anchor(name: str) -> str:
    """Where a page has the entry of a word."""
    return "word-" + name.replace(" ", "-").replace("λ", "lambda")


def _link(name: str, text: str) -> str:
    return f'[{text}](#{anchor(name)} "{meaning(name)}")'


def _entry(name: str) -> str:
    place, told = anchor(name), html.escape(meaning(name))
    style, label = "color: inherit; text-decoration: none", f"Back to {name} in the text"
    back = f'<a href="#" data-word="{place}" style="{style}" aria-label="{label}">↑</a>'
    return (
        f'<div id="{place}" tabindex="-1" style="break-inside: avoid; margin-bottom: 0.5rem">'
        f'<dt><b>{name}</b> {back}</dt><dd style="margin: 0">{told}</dd></div>'
    )


def _linked() -> set[str]:
    return session.state().setdefault("words", set())
