"""Right answers of unusual types pass; wrong ones of the kinds that once passed do not."""

import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from regcore.__main__ import PRINTED_PREFIX, main
from regcore.exercises import check_source, flipped_rows
from tests.regcore.exercises import kinds, score_kinds
from tests.regcore.exercises.answers import defined, edited

RIGHT = kinds.RIGHT | score_kinds.RIGHT
CASES = Path(__file__).with_name("cases")
SAID = {  # of the wrong answers in files
    "t2_n_hidden_3": "not passed: The gap with 4 units is that of 3 units, to its last digit.",
    "t4_clipped": "measured slope of J",
    "t5_backward_fixed_factor": "The backward pass must return dA times the mask.",
    "t5_dropconnect_like_blocks": "Two rows have the same draws.",
    "t6_init_first_loss": "You start from the first loss.",
    "t6_prints_a_verdict": "not passed: Line 12: ZeroDivisionError",
    "t7_validation_then_test_tiebreak_rounded": "Another row of the sweep has a lower loss",
    "t7_without_lambda_zero": "λ = 0 is never chosen.",
}
FILES = [
    pytest.param(path, marks=[pytest.mark.slow] * (path.stem[:2] in ("t1", "t2")), id=path.stem)
    for path in sorted(CASES.glob("*/*.txt"))
]


@cache
def records(draw):
    return draw(np.random.default_rng(9))


@pytest.fixture(autouse=True)
def drawn_once(monkeypatch):
    """Task 9 trains for its draws; test_draws.py makes many."""
    draw = flipped_rows.draw
    monkeypatch.setattr(flipped_rows, "draw", lambda rng: records(draw))


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES)
def test_a_file_gets_its_verdict(path, capsys):
    is_right = path.parent.name == "right"
    assert main(["check", path.stem[1], str(path)]) == (0 if is_right else 1)
    *printed, verdict = capsys.readouterr().out.splitlines()
    assert all(line.startswith(PRINTED_PREFIX) for line in printed)
    assert verdict.startswith("passed: Correct" if is_right else "not passed: ")
    assert SAID.get(path.stem, "Correct") in verdict


@pytest.mark.parametrize(("task", "source"), RIGHT.values(), ids=RIGHT)
@pytest.mark.filterwarnings("ignore:the matrix subclass")
def test_a_right_answer_of_another_type_passes(task, source):
    assert task.check(defined(task, source)).ok


@pytest.mark.slow
@pytest.mark.parametrize("task", kinds.FIGURES, ids=lambda task: task.title)
def test_right_figures_of_another_type_pass(task):
    answers = {
        **{name: kinds.figures(task, number=number) for name, number in kinds.NUMBERS.items()},
        **{name: kinds.figures(task, word=word) for name, word in kinds.WORDS.items()},
        **{name: mapping(kinds.figures(task)) for name, mapping in kinds.MAPPINGS.items()},
    }
    if task is kinds.SWEEP:
        inner = {"gaps": kinds.MAPPINGS["UserDict"](kinds.figures(task)["gaps"])}
        answers["nested"] = kinds.figures(task) | inner
    for name, answer in answers.items():
        assert task.check(answer).ok, name


@pytest.mark.slow
@pytest.mark.parametrize(
    ("small", "is_right"),
    [
        ("round(gap(n_hidden=3), 3)", False),
        ("round(gap(n_hidden=4), 3)", True),
        ("0.071", True),  # typed in: another split cannot change it
    ],
)
def test_rounded_gaps_are_measured_on_another_split(small, is_right):
    source = edited(kinds.SMALLER, '"gap with 4 units": small', f'"gap with 4 units": {small}')
    check = check_source(kinds.SMALLER, f"import numpy as np\n{source}").check
    words = "Correct" if is_right else "On another split of the patients, the gap with 4 units"
    assert check.ok is is_right and check.message.startswith(words)


def test_a_type_has_its_article():
    for value, words in ((np.ones(3), "an ndarray"), ("x", "a str"), ((), "a tuple")):
        assert f"is {words};" in kinds.SIZES.check({0.0: value, 0.05: 1.0}).message


def ids(row):
    return f"{row[0].number} {row[1]} {row[-1][-50:]}"


@pytest.mark.parametrize("row", (*kinds.WRONG, *score_kinds.WRONG), ids=ids)
@pytest.mark.filterwarnings("ignore:Mean of empty slice", "ignore::RuntimeWarning")
def test_a_wrong_answer_is_named_or_measured(row):
    task, words, *changes = row
    check = task.check(defined(task, kinds.source_of(task, *changes)))
    assert not check.ok and re.search(words, check.message)
