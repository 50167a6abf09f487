"""Verdicts on predictions at the edges of their bands, and what a record may hold."""

import pytest

from regcore.experiments.comparison import direction
from tests.support.helpers import message_of
from ui.navigation import TOPICS
from ui.verdicts import (
    MAX_TEXT_LENGTH,
    calibration,
    checked,
    epoch_choices,
    judge_direction,
    judge_epoch,
)

PATIENT = 1 / 192
SAID = {"smaller": -1, "same": 0, "larger": 1}


@pytest.mark.parametrize(
    ("change", "way"),
    [
        (0.0, 0),
        (PATIENT, 0),  # exactly one patient is within one patient
        (-PATIENT, 0),
        (0.719 + PATIENT - 0.719, 0),  # also when rounding adds a hair
        (PATIENT + 1e-6, 1),
        (-PATIENT - 1e-6, -1),
        (1e300, 1),
        (float("inf"), 1),
        (float("-inf"), -1),
        (float("nan"), 0),
    ],
)
def test_a_change_within_the_band_is_no_change(change, way):
    assert direction(change, PATIENT) == way


@pytest.mark.parametrize(
    ("patients", "smaller", "same", "larger"),
    [
        (-42, "right", "wrong", "wrong"),
        (-2.1, "right", "wrong", "wrong"),
        (-2, "right", "near", "wrong"),  # one patient more, and it had been the same
        (-1.5, "right", "near", "wrong"),
        (-1, "near", "right", "wrong"),
        (-0.3, "near", "right", "wrong"),
        (0, "wrong", "right", "wrong"),
        (0.3, "wrong", "right", "near"),
        (1, "wrong", "right", "near"),
        (1.5, "wrong", "near", "right"),
        (2, "wrong", "near", "right"),
        (2.1, "wrong", "wrong", "right"),
    ],
)
def test_an_answer_that_misses_by_one_band_is_near(patients, smaller, same, larger):
    verdicts = [judge_direction(said, patients * PATIENT, PATIENT) for said in (-1, 0, 1)]
    assert verdicts == [smaller, same, larger]


@pytest.mark.parametrize(
    ("patients", "smaller", "same", "larger"),
    [
        (0, "wrong", "right", "wrong"),
        (8, "wrong", "right", "wrong"),
        (9.5, "wrong", "right", "near"),  # one patient more, and it had been larger
        (10.5, "wrong", "near", "right"),
        (12, "wrong", "wrong", "right"),
    ],
)
def test_near_may_be_closer_than_the_band(patients, smaller, same, larger):
    change, band = patients * PATIENT, 10 * PATIENT
    verdicts = [judge_direction(said, change, band, PATIENT) for said in (-1, 0, 1)]
    assert verdicts == [smaller, same, larger]


@pytest.mark.parametrize(
    ("said", "was", "verdict"),
    [
        (239, 239, "right"),
        (110, 100, "right"),
        (100, 110, "right"),
        (111, 100, "near"),
        (100, 111, "near"),
        (200, 100, "near"),
        (100, 200, "near"),
        (201, 100, "wrong"),
        (100, 201, "wrong"),
        (5000, 239, "wrong"),
        (1, 0, "right"),  # epoch 0 counts as 1
        (2, 0, "near"),
        (3, 0, "wrong"),
        (0, 0, "right"),
    ],
)
def test_an_epoch_is_judged_by_its_ratio(said, was, verdict):
    assert judge_epoch(said, was) == verdict


@pytest.mark.parametrize("last", [1, 2, 9, 10, 11, 100, 2000, 5000])
def test_every_epoch_has_a_choice_that_is_right(last):
    choices = epoch_choices(last)
    assert choices == tuple(sorted(set(choices)))
    assert (choices[0], choices[-1]) == (1, last)
    for was in range(last + 1):
        assert "right" in {judge_epoch(said, was) for said in choices}


def test_there_are_few_enough_choices_for_a_slider():
    assert len(epoch_choices(5000)) < 70
    assert epoch_choices(20)[:3] == (1, 2, 3)
    assert epoch_choices(20)[-3:] == (16, 18, 20)


def entry(verdict="right", said="smaller", was="smaller (gap 0.281 to 0.062)"):
    return {"verdict": verdict, "said": said, "was": was}


def test_a_good_record_is_copied():
    record = {"l2": entry("near"), "dropout": entry("skipped", "", "")}
    assert set(record) < set(TOPICS)
    copy = checked(record, TOPICS)
    assert copy == record
    copy["l2"]["said"] = "larger"
    assert record["l2"]["said"] == "smaller"
    assert checked({}, TOPICS) == {}


@pytest.mark.parametrize(
    ("record", "complaint"),
    [
        (None, "The predictions are None;"),
        ([], "The predictions are [];"),
        ({"sums": entry()}, "The topic is 'sums'; it must be one of overfitting, l2,"),
        ({1: entry()}, "The topic is 1;"),
        ({"l2": "right"}, "The prediction on l2 is 'right';"),
        ({"l2": {}}, "The prediction on l2 is {};"),
        ({"l2": entry() | {"more": 1}}, "The prediction on l2 is {"),
        ({"l2": entry("perfect")}, "The verdict on l2 is 'perfect'; it must be one of right,"),
        ({"l2": entry(None)}, "The verdict on l2 is None;"),
        ({"l2": entry(["right"])}, "The verdict on l2 is ['right'];"),
        ({"l2": entry() | {"sure": "very"}}, "How sure you were on l2 is 'very';"),
        ({"l2": entry() | {"sure": ["sure"]}}, "How sure you were on l2 is ['sure'];"),
        ({"l2": entry(said=5)}, "The entry said on l2 is 5;"),
        ({"l2": entry(was="x" * (MAX_TEXT_LENGTH + 1))}, "The entry was on l2 is 'xxx"),
        ({"l2": entry(said="x" * 10**6)}, "The entry said on l2 is 'xxx"),
        ({"l2": entry(was=10**5000)}, "The entry was on l2 is too long to print;"),
    ],
)
def test_an_invalid_record_is_refused_in_one_sentence(record, complaint):
    message = message_of(checked, record, TOPICS)
    assert message.startswith(complaint)
    assert len(message) < 250


def test_the_record_tells_how_often_sure_was_right():
    record = {
        "overfitting": entry("right") | {"sure": "sure"},
        "l2": entry("wrong") | {"sure": "sure"},
        "dropout": entry("right") | {"sure": "guess"},
        "early stopping": entry("right"),
    }
    assert checked(record, TOPICS) == record
    assert calibration(record) == "When you were sure: 1 of 2 right; guessing: 1 of 1 right."
    assert calibration({"l2": entry()}) == ""
