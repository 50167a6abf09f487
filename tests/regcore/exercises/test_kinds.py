"""Right answers of unusual types pass; wrong ones of the kinds that once passed do not."""

import re
from pathlib import Path

import numpy as np
import pytest

from regcore.__main__ import PRINTED_PREFIX, main
from regcore.exercises import TASKS, early_stopping, inverted_dropout, l2_gradient, model_selection
from regcore.exercises import reference_runs as runs
from regcore.exercises.grading import AnswerError
from regcore.nn import network
from tests.regcore.exercises import kinds
from tests.regcore.exercises.answers import MISTAKES, defined, edited

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


@pytest.mark.parametrize("path", FILES)
def test_a_file_gets_its_verdict(path, capsys):
    is_right = path.parent.name == "right"
    assert main(["check", path.stem[1], str(path)]) == (0 if is_right else 1)
    *printed, verdict = capsys.readouterr().out.splitlines()
    assert all(line.startswith(PRINTED_PREFIX) for line in printed)
    assert verdict.startswith("passed: Correct" if is_right else "not passed: ")
    assert SAID.get(path.stem, "Correct") in verdict


@pytest.mark.parametrize(("task", "source"), kinds.RIGHT.values(), ids=kinds.RIGHT)
@pytest.mark.filterwarnings("ignore:the matrix subclass")
def test_a_right_answer_of_another_type_passes(task, source):
    assert task.check(defined(task, source)).ok


def figures(task, number=float, word=str) -> dict:
    """The right answer to a task without functions, of these types."""
    if task is kinds.SWEEP:
        gaps = {l2: number(runs.gap(runs.run(l2))) for l2 in (0.0, 0.01, 0.05, 0.2)}
        return {"gaps": gaps, "training accuracy": word("falls")}
    if task is kinds.SMALLER:
        gaps = {f"gap with {n} units": number(runs.gap(runs.run(units=n))) for n in (64, 4)}
        return {**gaps, "smaller gap": word("64 units with L2")}
    if task is kinds.SIZES:
        return {l2: number(runs.mean_size(runs.run(l2))) for l2 in (0.0, 0.05)}
    readings = ("just right", "cannot tell", "underfits", "overfits")
    return {name: word(reading) for name, reading in zip("ABCD", readings, strict=True)}


FIGURES = (kinds.SWEEP, kinds.SMALLER, kinds.SIZES, kinds.CURVES)


@pytest.mark.parametrize("task", FIGURES, ids=lambda task: task.title)
def test_right_figures_of_another_type_pass(task):
    answers = {
        **{name: figures(task, number=number) for name, number in kinds.NUMBERS.items()},
        **{name: figures(task, word=word) for name, word in kinds.WORDS.items()},
        **{name: mapping(figures(task)) for name, mapping in kinds.MAPPINGS.items()},
    }
    if task is kinds.SWEEP:
        inner = {"gaps": kinds.MAPPINGS["UserDict"](figures(task)["gaps"])}
        answers["nested"] = figures(task) | inner
    for name, answer in answers.items():
        assert task.check(answer).ok, name


def test_a_type_has_its_article():
    for value, words in ((np.ones(3), "an ndarray"), ("x", "a str"), ((), "a tuple")):
        assert f"is {words};" in kinds.SIZES.check({0.0: value, 0.05: 1.0}).message


def ids(row):
    return f"{row[0].number} {row[1]} {row[-1][-50:]}"


def source_of(task, *changes):
    return changes[0] if len(changes) == 1 else edited(task, *changes)


@pytest.mark.parametrize("row", kinds.WRONG, ids=ids)
@pytest.mark.filterwarnings("ignore:Mean of empty slice", "ignore:invalid value")
def test_a_wrong_answer_is_named_or_measured(row):
    task, words, *changes = row
    check = task.check(defined(task, source_of(task, *changes)))
    assert not check.ok and re.search(words, check.message)


# ---- a thousand draws of each


def gradient_parts(rng):
    for problem in l2_gradient.draw(rng):
        true = list(network.gradients(*problem))
        yield lambda f, p=problem, t=true: l2_gradient.agree(l2_gradient.answer(f, p), t)


def stopping_parts(rng):
    for case in early_stopping.draw(rng):
        true = early_stopping.RIGHT(*case)
        yield lambda f, c=case, t=true: early_stopping.answer(f, c) == t


def choosing_parts(rng):
    for sweep in model_selection.draw(rng):
        true = model_selection.RIGHT(sweep)
        yield lambda f, s=sweep, t=true: model_selection.chosen(f, s) == t


def dropout_parts(rng):
    """The checks of task 5 one by one, for one p each, the quick ones first."""
    d = inverted_dropout
    seed = rng.integers(2**31)
    calls, half = d.draw(rng), d._call(rng, d.SHAPE, 0.37, active=0.5)
    wide = d._call(rng, d.WIDE, rng.uniform(0.42, 0.48))
    yield lambda f: d._check_backward(f[1], np.random.default_rng(seed))
    for call in calls:
        yield lambda f, c=call: [
            check([d._trial(f[0], c)]) for check in (d._check_zeros, d._check_scaling)
        ]
    yield lambda f: d._check_draws(f[0], calls[0])
    yield lambda f: d._check_evaluation(f[0], calls[0])
    yield lambda f: d._check_inactive(d._trial(f[0], half))
    yield lambda f: d._check_independence(d._trial(f[0], wide))


PARTS = {
    kinds.GRADIENT: gradient_parts,
    kinds.STOPPING: stopping_parts,
    kinds.CHOOSING: choosing_parts,
    kinds.DROPOUT: dropout_parts,
}


def fails(part, answer) -> bool:
    try:
        return part(answer) is False
    except AnswerError:
        return True


@pytest.mark.slow
@pytest.mark.parametrize("task", PARTS, ids=lambda task: task.title)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_wrong_answer_fails_in_each_of_a_thousand_draws(task):
    """A check fails when one of its parts does, so the part that failed last is tried first."""
    wrong = [row for row in (*MISTAKES, *kinds.WRONG) if row[0] is task]
    answers = [defined(task, source_of(task, *changes)) for _, _, *changes in wrong]
    last = [0] * len(answers)
    for seed in range(1000):
        parts = list(PARTS[task](np.random.default_rng(seed)))
        for place, answer in enumerate(answers):
            order = (last[place], *range(len(parts)))
            last[place] = next((p for p in order if fails(parts[p], answer)), -1)
            assert last[place] >= 0, (seed, wrong[place])


@pytest.mark.slow
@pytest.mark.parametrize("task", PARTS, ids=lambda task: task.title)
def test_the_solution_passes_in_many_draws(task):
    solution = defined(task, task.solution)
    for seed in range(100):
        parts = PARTS[task](np.random.default_rng(seed))
        assert not any(fails(part, solution) for part in parts)
        assert seed % 10 or task.check(solution).ok


# ---- fuzz


NONSENSE = [
    *(None, True, 0, -1, 2**70, 0.5, float("nan"), float("inf"), 1j, "", "x", b"x", [], (), {}),
    *({1}, [[]], {"a": {}}, {1: 2}, object(), int, len, iter([1]), range(3), np.float32(2), np.nan),
    *(np.ones(()), np.ones(3), np.ones((4, 1)), np.array(["x"]), np.array([None]), np.ma.masked),
    *(np.ma.masked_equal([1.0, 2.0], 1), np.zeros((0, 3)), np.datetime64("2020"), np.complex64(1)),
]


def spoiled(rng, value):
    """The value with something in it replaced by nonsense, or itself."""
    kind = rng.integers(5)
    if kind == 0:
        return NONSENSE[rng.integers(len(NONSENSE))]
    if isinstance(value, dict) and kind < 4 and value:
        key = list(value)[rng.integers(len(value))]
        key = [key, rng.random(), "x", 3, None][rng.integers(5)]
        return {**value, key: spoiled(rng, value.get(key))}
    if isinstance(value, list | tuple) and kind < 4 and value:
        items = list(value)
        items[rng.integers(len(items))] = spoiled(rng, items[0])
        return (tuple, list, np.array)[rng.integers(2)](items)
    if isinstance(value, np.ndarray) and kind < 4:
        changes = (lambda a: a.T, lambda a: a * np.nan, lambda a: a.astype(object), np.ravel)
        return (*changes, lambda a: a * 1e300, np.isnan, np.array_str)[rng.integers(7)](value)
    return value


def spoiling(rng, function):
    """The function, of which some results are spoiled."""
    return lambda *args: spoiled(rng, function(*args)) if rng.random() < 0.3 else function(*args)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_five_thousand_spoiled_answers_get_a_verdict():
    rng = np.random.default_rng(6)
    rights = {
        task: figures(task) if task in FIGURES else defined(task, task.solution)
        for task in TASKS.values()
    }
    for number in range(5000):
        task = list(TASKS.values())[number % 8]
        right = rights[task]
        if task in FIGURES:
            answer = spoiled(rng, right)
        elif isinstance(right, tuple):
            answer = tuple(spoiling(rng, function) for function in right)
        else:
            answer = spoiling(rng, right)
        ok, message = task.check(answer)
        assert type(ok) is bool and message.isprintable() and message[-1] in ".?!"
