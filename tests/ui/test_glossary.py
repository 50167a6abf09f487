"""The glossary: the first use of each of its words on a page is linked, and the menu lists all."""

import html
import re
from functools import cache

import pytest
from streamlit.testing.v1 import AppTest

from tests.support import ROOT
from tests.support.apps import finished, opened
from ui import glossary, navigation
from ui.glossary import anchor, linked, pattern
from ui.terms import WORDS
from ui.text import escape

LINK = re.compile(r'\[([^\[\]]*)\]\(#(word-[^ )]+) "[^"]*"\)')
PATHS = [page.path for page in (navigation.HOME, *navigation.PAGES.values())]
QUESTIONS = ("true", "false")


@cache
def visited(path: str, questions: str) -> AppTest:
    return opened(path, questions=questions)


def running_text(app: AppTest) -> list[str]:
    """Return the texts of the page in order, without chart sentences, tasks and formulas."""
    said = [e.value for e in app.main if getattr(e, "type", "") in ("markdown", "caption")]
    of_charts = {f":small[{escape(c.proto.alt)}]" for c in app.get("vega_lite_chart")}
    return [text for text in said if text not in of_charts and "Yours to draw" not in text]


FOLDS = {
    f"open_{key}": "true"
    for path in PATHS
    for key in re.findall(r'layout\.fold\(.*"(\w+)"\):', (ROOT / path).read_text("utf-8"))
}


def links(app: AppTest) -> set[str]:
    return {anchor for text in running_text(app) for _, anchor in LINK.findall(text)}


def unlinked_first_uses(texts: list[str]) -> list[str]:
    """Return the words whose first use is not linked, each with its context."""
    text, found = "\n".join(texts), []
    for name in WORDS:
        read = re.sub(rf'\[([^\[\]]*)\]\(#{anchor(name)} "[^"]*"\)', r"⇒\1", text)
        read = re.sub(r"`[^`]*`|“[^”]*”", "", LINK.sub(r"\1", read))
        first = pattern(name).search(read)
        if first and not re.search("⇒[^ ]*$", read[: first.start()]):
            found.append(f"{name}: …{read[max(0, first.start() - 40) : first.end() + 20]}…")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("questions", QUESTIONS)
@pytest.mark.parametrize("path", [path for path in PATHS if "Exercises" not in path])
def test_the_first_use_of_a_word_is_a_link(path, questions) -> None:
    assert not unlinked_first_uses(running_text(visited(path, questions)))


def test_the_menu_lists_every_word() -> None:
    listed = "".join(e.proto.body for e in opened(PATHS[-1]).sidebar.get("html"))
    for name, meaning in WORDS.items():
        assert f"<dt>{name}</dt><dd>{html.escape(meaning)}</dd>" in listed


@pytest.mark.slow
def test_every_word_is_used() -> None:
    repeated = opened("pages/2_L2.py", preset="As printed", width="1", open_real="true")
    repeated.slider(key="real_l2_splits").set_value(10)
    repeated = finished(repeated.button(key="real_l2_go").click().run(), "real_l2")
    apps = [repeated, *(opened(path, **FOLDS) for path in PATHS)]
    helps = {e.help for app in apps for e in (*app.slider, *app.select_slider, *app.number_input)}
    met = set().union(*map(links, apps))
    dead = [n for n, told in WORDS.items() if anchor(n) not in met and told not in helps]
    assert not dead


@pytest.mark.parametrize(("name", "meaning"), WORDS.items())
def test_an_entry_is_short_and_fits_into_a_link(session, name, meaning) -> None:
    assert 30 < len(meaning) < 200
    assert meaning.endswith(".")
    assert not set('"\\`$<>&') & set(meaning)
    assert pattern(name).fullmatch(name)
    assert LINK.search(linked(f"A {name}."))


@pytest.fixture
def session(monkeypatch) -> dict:
    monkeypatch.setattr(glossary.st, "session_state", {})
    return glossary.st.session_state


def test_the_first_use_is_linked_and_names_are_left_alone(session) -> None:
    text = linked("“no dropout” and `epoch`: Epochs of dropout, and an epoch.")
    told = WORDS["epoch"], WORDS["dropout"]
    assert text == (
        f'“no dropout” and `epoch`: [Epochs](#word-epoch "{told[0]}") of '
        f'[dropout](#word-dropout "{told[1]}"), and an epoch.'
    )
    assert linked("One more epoch.") == "One more epoch."
    glossary.start()
    assert linked("One more epoch.") != "One more epoch."


def test_a_line_does_not_break_within_a_setting(session) -> None:
    assert (
        linked("With p = 0.2, `p = 0.2`, p = W1.") == "With p\u00a0=\u00a00.2, `p = 0.2`, p = W1."
    )
    assert linked("With λ = 0.05.").endswith(")\u00a0=\u00a00.05.")


def test_an_unlinked_first_use_is_found(session) -> None:
    assert unlinked_first_uses(["The epochs.", linked("An epoch.")])
    glossary.start()
    assert not unlinked_first_uses([linked("An epoch."), "Two epochs."])
