"""Progress files: what was saved comes back, and what is damaged or hostile changes nothing."""

import json

import pytest

from regcore import PRESETS
from regcore.exercises import MAX_SOURCE
from tests.support.helpers import message_of
from ui.page.kept import progress_file
from ui.session import DrawnCurve, Pin

TASK = {"passed": True, "hints": 2, "solution": False}
TOLD = {"verdict": "near", "said": "smaller", "was": "larger"}
SAVED = {
    "tasks": {4: TASK, 6: TASK | {"solution": True}},
    "code": {4: "λ = '½'\n"},
    "predictions": {"l2": TOLD},
    "pins": [Pin("“no” <tools>", PRESETS["memorize"])],
    "drawings": {"l2": DrawnCurve((0.7,) * 12, "a digest", 5000, 2.5, (0.6,) * 12)},
    "twins": {"l2": TOLD, "early stopping": TOLD},
}
(DRAWN,) = json.loads(progress_file.dumps(SAVED))["drawings"].values()


def pinned(**settings) -> bytes:
    """A progress file whose pin has these settings."""
    (pin,) = json.loads(progress_file.dumps(SAVED))["pins"].values()
    return changed(pins={"run 1": pin | settings})


def changed(**fields) -> bytes:
    return json.dumps({**json.loads(progress_file.dumps(SAVED)), **fields}).encode()


def test_saved_progress_is_loaded_unchanged():
    assert progress_file.loads(progress_file.dumps(SAVED).encode()) == SAVED


def test_a_file_from_before_there_was_code_or_a_pin_is_loaded():
    content = json.loads(progress_file.dumps(SAVED))
    del content["code"], content["pins"], content["drawings"], content["twins"]
    without = {"code": {}, "pins": [], "drawings": {}, "twins": {}}
    assert progress_file.loads(json.dumps(content).encode()) == SAVED | without


def test_a_file_from_when_there_were_eight_tasks_is_loaded():
    old = {**SAVED, "tasks": dict.fromkeys(range(1, 9), TASK), "code": {8: "x", 1: "y"}}
    assert progress_file.loads(progress_file.dumps(old).encode()) == old


def test_the_longest_code_of_all_tasks_fits_and_comes_back():
    longest = {**SAVED, "code": dict.fromkeys(range(1, 11), "\x01" * MAX_SOURCE)}
    assert progress_file.loads(progress_file.dumps(longest).encode()) == longest


HOSTILE = {
    "empty": b"",
    "no JSON": b"passed",
    "not UTF-8": b"\xff\xfe{}",
    "a list": b"[]",
    "a number": b"1",
    "null": b"null",
    "deep": b"[" * 10_000,
    "long": b" " * (progress_file.MAX_BYTES + 1),
    "a huge number": b'{"file": ' + b"9" * 6000 + b"}",
    "another file": b'{"file": "something else"}',
    "another version": changed(version=2),
    "a version that equals 1": changed(version=True),
    "no tasks": changed(tasks=None),
    "tasks as a list": changed(tasks=[TASK]),
    "a task that does not exist": changed(tasks={"11": TASK}),
    "a task with another name": changed(tasks={"__class__": TASK}),
    "a task that is a word": changed(tasks={"4": "passed"}),
    "a task with less": changed(tasks={"4": {"passed": True}}),
    "a task with more": changed(tasks={"4": TASK | {"more": 1}}),
    "passed as a number": changed(tasks={"4": TASK | {"passed": 1}}),
    "hints as a truth": changed(tasks={"4": TASK | {"hints": True}}),
    "too many hints": changed(tasks={"4": TASK | {"hints": 10**9}}),
    "negative hints": changed(tasks={"4": TASK | {"hints": -1}}),
    "code as a list": changed(code=["x = 1"]),
    "no code": changed(code=None),
    "code of a task that does not exist": changed(code={"11": "x = 1"}),
    "code that is a number": changed(code={"4": 1}),
    "code that is too long": changed(code={"4": "x" * 20_001}),
    "code that is too long without its tabs": changed(code={"4": "\t" * 5_001}),
    "code with NUL": changed(code={"4": "a\0b"}),
    "code with half a character": changed(code={"4": "\ud800"}),
    "a topic that does not exist": changed(predictions={"dropouts": TOLD}),
    "drawings as a list": changed(drawings=[DRAWN]),
    "a drawing of no topic": changed(drawings={"__class__": DRAWN}),
    "a drawing that is a list": changed(drawings={"l2": [0.7] * 12}),
    "a drawing with more": changed(drawings={"l2": DRAWN | {"more": 1}}),
    "a drawing of 13 values": changed(drawings={"l2": DRAWN | {"values": [0.7] * 13}}),
    "a drawing of texts": changed(drawings={"l2": DRAWN | {"values": ["0.7"] * 12}}),
    "a drawing without values": changed(drawings={"l2": DRAWN | {"values": None}}),
    "a drawing with NaN": changed(drawings={"l2": DRAWN | {"values": [float("nan")] * 12}}),
    "a drawing with half a truth": changed(drawings={"l2": DRAWN | {"truth": [0.7]}}),
    "a drawing with no epochs": changed(drawings={"l2": DRAWN | {"last": 0}}),
    "a drawing without a top": changed(drawings={"l2": DRAWN | {"top": 0}}),
    "a drawing about a list": changed(drawings={"l2": DRAWN | {"about": []}}),
    "an unknown verdict": changed(predictions={"l2": TOLD | {"verdict": "perfect"}}),
    "a verdict that is a list": changed(predictions={"l2": TOLD | {"verdict": ["right"]}}),
    "half a character": changed(predictions={"l2": TOLD | {"said": "\ud800 x"}}),
    "a saying with NUL": changed(predictions={"l2": TOLD | {"said": "a\0b"}}),
    "a saying that turns the line round": changed(predictions={"l2": TOLD | {"was": "a\u202eb"}}),
    "a long saying": changed(predictions={"l2": TOLD | {"said": "x" * 121}}),
    "a saying that is a list": changed(predictions={"l2": TOLD | {"said": [1]}}),
    "not a number": changed(predictions={"l2": TOLD | {"was": float("nan")}}),
    "an infinite number": changed(predictions={"l2": TOLD | {"was": float("inf")}}),
    "pins as a list": changed(pins=[1]),
    "too many pins": changed(pins=dict.fromkeys("abcde")),
    "a pin without settings": changed(pins={"a": None}),
    "a pin with a name of two lines": changed(pins={"a\nb": {}}),
    "a reserved name": changed(pins={"this run": {}}),
    "a setting more": pinned(more=1),
    "a setting that is a list": pinned(lr=[1]),
    "a learning rate that is no number": pinned(lr=float("nan")),
    "a width that is a text": pinned(hidden_sizes=["64"]),
    "a network that takes minutes": pinned(hidden_sizes=[256] * 4),
    "a wide network": pinned(hidden_sizes=[1024]),
    "many epochs": pinned(epochs=20_000),
    "tiny batches": pinned(batch_size=1),
    "a number beyond all floats": changed(predictions={"l2": TOLD | {"was": 10**400}}),
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_an_invalid_progress_file_gives_one_sentence(raw):
    message_of(progress_file.loads, raw)


def test_loading_keeps_progress_and_the_first_prediction():
    here = {
        "tasks": {4: {"passed": False, "hints": 3, "solution": False}},
        "code": {5: "mine"},
        "predictions": {
            "l2": {"verdict": "wrong", "said": "larger", "was": "larger"},
            "dropout": {"verdict": "skipped", "said": "", "was": ""},
        },
        "pins": [Pin(f"run {n}", PRESETS["as printed"]) for n in (1, 2, 3)],
        "drawings": {},
        "twins": {},
    }
    file = {
        **SAVED,
        "code": {4: "theirs", 5: "theirs"},
        "predictions": {"l2": TOLD, "dropout": TOLD},
        "pins": [Pin(f"run {n}", PRESETS["memorize"]) for n in (3, 4, 5)],
        "drawings": {},
        "twins": {},
    }
    both = progress_file.merged(here, file)
    assert both["tasks"] == {
        4: {"passed": True, "hints": 3, "solution": False},
        6: SAVED["tasks"][6],
    }
    assert both["predictions"] == {"l2": here["predictions"]["l2"], "dropout": TOLD}
    assert both["code"] == {4: "theirs", 5: "mine"}
    assert both["pins"] == [*here["pins"], file["pins"][1]]  # there is room for four
