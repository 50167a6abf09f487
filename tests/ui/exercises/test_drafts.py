"""What the editor sends: what is valid and newer is kept, and the rest changes nothing."""

import pytest
import streamlit as st

from regcore.exercises import MAX_SOURCE, numbered
from ui.exercises import drafts
from ui.exercises.drafts import Draft

TASK = numbered(4)


@pytest.fixture(autouse=True)
def session(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})


def sent(text: object, stamp: object = 1, task: object = 4) -> dict:
    return {"task": task, "text": text, "stamp": stamp}


TEXTS = {
    "as typed": ("x = 1\n", "x = 1\n"),
    "empty": ("", ""),
    "CRLF": ("x\r\ny\r\n", "x\ny\n"),
    "CR": ("x\ry", "x\ny"),
    "tabs": ("if x:\n\ty\n  \tz\n", "if x:\n    y\n    z\n"),
    "as long as it may be": ("x" * MAX_SOURCE, "x" * MAX_SOURCE),
    "signs of all planes": ("λ = '½𝛼'", "λ = '½𝛼'"),
}


@pytest.mark.parametrize(("text", "kept"), TEXTS.values(), ids=TEXTS)
def test_code_is_kept_with_plain_line_ends_and_no_tabs(text, kept):
    drafts.take([sent(text)])
    assert drafts.of(TASK) == Draft(kept, 1)


WRONG = {
    "nothing": None,
    "text": "x = 1",
    "a list": ["x = 1", 1],
    "no stamp": {"task": 4, "text": "x = 1"},
    "no task": {"text": "x = 1", "stamp": 1},
    "a task that does not exist": sent("x = 1", task=11),
    "a task that is text": sent("x = 1", task="4"),
    "a task that is true": sent("x = 1", task=True),
    "more": sent("x = 1") | {"more": 1},
    "a number": sent(1),
    "bytes": sent(b"x = 1"),
    "too long": sent("x" * (MAX_SOURCE + 1)),
    "too long without its tabs": sent("\t" * (MAX_SOURCE // 4 + 1)),
    "NUL": sent("a\0b"),
    "half a character": sent("\ud800"),
    "a stamp that is text": sent("x = 1", "1"),
    "a stamp that is a float": sent("x = 1", 1.0),
    "a stamp that is true": sent("x = 1", True),
    "stamp zero": sent("x = 1", 0),
    "a negative stamp": sent("x = 1", -1),
    "a stamp beyond JavaScript": sent("x = 1", 2**53),
}


@pytest.mark.parametrize("value", WRONG.values(), ids=WRONG)
def test_what_is_no_draft_changes_nothing(value):
    drafts.take([value])
    assert drafts.of(TASK) == Draft(TASK.starter)
    assert not drafts.written()


@pytest.mark.parametrize("value", [None, "x", {}, 1, [sent("x")] * 11], ids=str)
def test_what_is_no_list_of_drafts_changes_nothing(value):
    drafts.take(value)
    assert not drafts.written()


def test_drafts_of_several_tasks_are_kept_beside_a_wrong_one():
    drafts.take([sent("four"), None, sent("six", 2, 6)])
    assert drafts.written() == {4: "four", 6: "six"}
    assert drafts.stamps() == dict.fromkeys(range(1, 11), 0) | {4: 1, 6: 2}


def test_an_older_draft_does_not_replace_a_newer_one():
    drafts.take([sent("new", 7)])
    for stamp in (6, 7):
        drafts.take([sent("old", stamp)])
    assert drafts.written() == {4: "new"}


def test_the_starter_comes_back_and_so_does_the_code():
    drafts.take([sent("mine", 3)])
    drafts.toggle_starter(TASK)
    assert drafts.of(TASK) == Draft(TASK.starter, 4, "mine")
    drafts.toggle_starter(TASK)
    assert drafts.of(TASK) == Draft("mine", 5)
    drafts.toggle_starter(TASK)
    drafts.toggle_starter(TASK)
    assert drafts.of(TASK).text == "mine"
