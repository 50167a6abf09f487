"""What the stepper sends to the browser: every name with its formula, and not too much."""

import ast
import json
from functools import cache

import numpy as np
import pytest

from regcore import Split
from regcore.data.dataset import Part
from regcore.training.statements import STATEMENTS
from regcore.training.stepping import EPOCHS, Recording, affordable, record
from tests.support.helpers import diabetes_split
from ui.sections.story.stepper import recorded
from ui.sections.story.stepper.formulas import FORMULAS, computed, formulas, goes_to

MAX_BYTES = 200_000


@cache
def recordings() -> tuple[Recording, Recording]:
    train, rows = diabetes_split().train, recorded.rows_of(diabetes_split())
    epochs = range(1, len(EPOCHS) + 1)  # as many, but not as late
    without, with_l2 = (
        record(train.X, train.y, rows, recorded.UNITS, l2, 2, epochs) for l2 in (0.0, 0.05)
    )
    return without, with_l2


def sent(both) -> str:
    return json.dumps([recorded.runs(both), recorded.listing(), recorded.statements()])


def test_every_name_that_a_statement_computes_has_a_formula():
    needed = {(each.function, name) for each in STATEMENTS for name in computed(each)}
    assert needed == set(FORMULAS)
    assert all(formulas(each) or not computed(each) for each in STATEMENTS)


def test_every_value_goes_somewhere_but_the_trained_weights():
    for each in STATEMENTS:
        if each.aside or (each.function == "train" and isinstance(each.node, ast.Return)):
            continue
        assert all(goes_to(each, name) for name in each.targets)


def test_the_browser_is_sent_less_than_200_kb():
    assert len(sent(recordings())) < MAX_BYTES


def test_the_widest_and_longest_table_is_recorded_and_sent_within_bounds():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((15_000, 100))
    part = Part(X, (X[:, :1] > 0).astype(float))
    rows = recorded.rows_of(Split(part, None, part))
    run = record(part.X, part.y, rows, recorded.UNITS, 0.05, 2, affordable(X.shape, 64))
    assert len(sent((run, run))) < MAX_BYTES


def test_equal_numbers_are_sent_once_and_found_again():
    sending = recorded.runs(recordings())
    numbers = sending["numbers"]
    assert len({json.dumps(number) for number in numbers}) == len(numbers)
    for steps, recording in zip(sending["steps"], recordings(), strict=True):
        assert [(place, epoch) for place, epoch, *_ in steps] == [s[:2] for s in recording.steps]
        names = [[numbers[id][0] for id in gives] for *_, gives, _ in steps]
        assert names == [[recorded.label(n) for n in s.gives] for s in recording.steps]


def test_every_line_of_the_listing_is_the_lessons_or_says_what_is_folded():
    listed = {line for each in recorded.listing() for line, _ in each["lines"]}
    for each in STATEMENTS:
        assert (each.first in listed) != bool(each.aside)
    folded = {
        text.strip() for each in recorded.listing() for line, text in each["lines"] if not line
    }
    assert folded == {"# docstring, folded", "# docstring and checks, folded"}


def test_the_penalty_is_found_in_the_line_that_is_shown():
    found = [each for each in recorded.statements() if each["penalty"]]
    assert [each["penalty"] for each in found] == ["+ l2 * W2", "+ l2 * W1"]
    assert all(each["penalty"] in each["text"] for each in found)


def test_the_table_has_all_that_the_first_epoch_gave():
    table = recorded.table(recordings()[0], 0)
    values = dict(zip(table["expression"], table["value"], strict=True))
    weights = values["W1[:, 0]"].split(", ")
    assert len(weights) == 8 and "Z1[0, 0]" in values and "(1 / (1 + np.exp(-z)))[0, 0]" in values
    assert values["n"] == "576" and values["rng"] == ""


@pytest.mark.parametrize("positives", [1, 3])
def test_the_rows_to_choose_have_both_outcomes_where_there_are_two(positives):
    y = (np.arange(9) < positives).astype(float)[:, None]
    part = Part(np.arange(18.0).reshape(9, 2), y)
    rows = recorded.rows_of(Split(part, None, part))
    assert len(rows) == 2 + min(positives, 2) and {y[row, 0] for row in rows} == {0.0, 1.0}
