"""What a browser returns: all of it that is valid comes back, and nothing else."""

import json

import pytest

from regcore import PRESETS
from regcore.exercises import numbered
from ui.exercises import drafts
from ui.page.kept import browser_storage, items
from ui.sections.room import projector
from ui.sections.room.rooms import ROOMS
from ui.session import DrawnCurve, Guess, Pin

TASK = {"passed": True, "hints": 2, "solution": False}
DRAWN = DrawnCurve((0.7, 0.65) * 6, "a digest", 5000, 2.5)
TOLD = {"verdict": "near", "said": "smaller", "was": "larger"}


@pytest.fixture
def state(monkeypatch) -> dict:
    """A new session."""
    state: dict = {}
    monkeypatch.setattr(items.session.st, "session_state", state)
    return state


def filled(state: dict) -> dict[str, object]:
    """What a session leaves in the browser, as the browser returns it."""
    state["tasks"], state["predictions"] = {4: TASK}, {"l2": TOLD}
    state["guesses"] = {"l2": Guess(-1, "a digest", True), "dropout": Guess(1)}
    state["pins"] = [Pin("one", PRESETS["memorize"]), Pin("two", PRESETS["as printed"])]
    state["drawings"] = {"l2": DRAWN, "dropout": DRAWN._replace(truth=(0.6,) * 12)}
    state["visited"], state["own_name"] = {"streamlit_app.py", "pages/2_L2.py"}, "my table.csv"
    return {name: json.loads(text) for name, text in items.as_json().items()}


def test_what_a_session_leaves_is_what_the_next_one_gets(state):
    stored = filled(state)
    left = dict(state)
    state.clear()
    stored |= {"page/L2": {"l2": "0.1", "tour": "3", "data": "Two moons"}, "place": "L2"}
    assert items.restore(stored) == {}
    assert {key: state[key] for key in left} == left
    assert state["links"] == {"pages/2_L2.py": {"l2": "0.1", "data": "Two moons"}}
    assert state["place"] == "pages/2_L2.py"


def test_a_teacher_who_loads_the_page_again_has_the_room_as_long_as_it_is_open(state):
    owner = "0" * 32
    state["room"] = ROOMS.open(owner), owner
    stored = {name: json.loads(text) for name, text in items.as_json().items()}
    state.clear()
    assert items.restore(stored) == {}
    assert projector.is_open()
    ROOMS.close(*state["room"])
    state.clear()
    assert items.restore(stored) == {}
    assert not projector.is_open() and "room" not in state


def test_what_the_new_session_has_done_counts_more(state):
    stored = filled(state)
    state.clear()
    now = {"verdict": "right", "said": "larger", "was": "larger"}
    state["tasks"], state["predictions"] = {4: TASK | {"passed": False, "hints": 3}}, {"l2": now}
    state["guesses"] = {"l2": Guess(1)}
    state["pins"] = [Pin("one", PRESETS["as printed"])]
    items.restore(stored)
    assert state["tasks"] == {4: TASK | {"hints": 3}}
    assert state["predictions"] == {"l2": now}
    assert state["guesses"]["l2"] == Guess(1)
    assert [pin.config for pin in state["pins"]] == [PRESETS["as printed"]] * 2


NONSENSE = {
    "task/4": [None, {"passed": 1, "hints": 2, "solution": False}, TASK | {"hints": 99}, "passed"],
    "task/11": [TASK],
    "task": [TASK],
    "prediction/l2": [None, {"verdict": "perfect"}, TOLD | {"said": "a\0b"}, TOLD | {"was": 1}],
    "prediction/__class__": [TOLD],
    "guess/l2": [None, 1, {}, {"said": "1", "about": None, "final": True}],
    "guess/dropout": [{"said": 10**9, "about": None, "final": True}],
    "guess/overfitting": [{"said": 1, "about": "x" * 300, "final": True}],
    "drawing/l2": [None, [0.7] * 12, DRAWN._asdict() | {"values": [0.7] * 10**5}],
    "drawing/nothing": [DRAWN._asdict()],
    "pin/a": [None, {}, {"lr": 1.0}],
    "pin/this run": [{}],
    "visited/L2": [1, None, "yes"],
    "visited/Nowhere": [True],
    "page/L2": [None, [], {"l2": 0.1}, {"l2": "x" * 300}, {"l2": "a\nb"}],
    "page/Nowhere": [{}],
    "place": ["Nowhere", 1, None, {}],
    "file": ["", "x" * 300, "a\u202eb", 3],
    "room": [None, "BCDF", ["BCDF"], ["bad!", "0" * 32], ["BCDF", "x" * 32], ["BCDF", 1], [1, 2]],
    "anything": [1],
    "": [1],
}
CASES = [(name, value) for name, values in NONSENSE.items() for value in values]


@pytest.mark.parametrize(("name", "value"), CASES)
def test_nonsense_is_left_out_and_the_rest_is_taken(state, name, value):
    assert items.restore({name: value, "task/6": TASK}) == {name: value}
    assert state["tasks"] == {6: TASK}
    assert not state["predictions"] and not state["guesses"] and not state["pins"]


@pytest.mark.parametrize("stored", [None, [], "x", 3, dict.fromkeys(map(str, range(101)))])
def test_what_is_no_record_at_all_changes_nothing(state, stored):
    assert items.restore(stored)
    assert not state


def answered(state: dict, **answer: object) -> browser_storage.Kept:
    kept = browser_storage._kept()
    state[browser_storage.KEY] = {"answer": {"number": kept.number, "drafts": [], **answer}}
    browser_storage._hear()
    return kept


def test_a_session_sends_what_has_changed_and_nothing_else(state):
    stored = filled(state)
    state.clear()
    kept = answered(state, items=json.loads(json.dumps(stored)))
    assert browser_storage._changed(kept) == {}
    del state["pins"][0]
    state["tasks"][6] = TASK
    changed = browser_storage._changed(kept)
    assert changed == {"pin/one": None, "task/6": json.dumps(TASK, sort_keys=True)}


def test_an_answer_is_taken_once_and_only_by_the_session_that_asked(state):
    answered(state, number="another", items={"task/4": TASK})
    assert not state.get("tasks")
    answered(state, items={"task/4": TASK})
    answered(state, items={"task/6": TASK})
    assert state["tasks"] == {4: TASK}


@pytest.mark.parametrize("answer", [None, 3, [], {"number": []}, {"items": {}}])
def test_an_answer_that_is_none_changes_nothing(state, answer):
    state[browser_storage.KEY] = {"answer": answer}
    browser_storage._hear()
    assert not state.get("tasks")


def test_code_comes_back_with_the_rest_and_what_is_invalid_is_removed(state):
    code = {"task": 4, "text": "x = 1", "stamp": 5}
    kept = answered(state, items={"task/4": TASK, "task/6": 1}, drafts=[code, {"task": 4}])
    assert drafts.of(numbered(4)).text == "x = 1"
    assert kept.trouble == "nonsense"
    assert browser_storage._changed(kept) == {"task/6": None}
