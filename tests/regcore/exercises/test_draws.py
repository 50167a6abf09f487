"""Many draws of each wrong answer, and nonsense of all kinds."""

import numpy as np
import pytest

from regcore.exercises import (
    TASKS,
    early_stopping,
    flipped_rows,
    inverted_dropout,
    l2_gradient,
    model_selection,
    temperature,
)
from regcore.exercises.grading import AnswerError
from regcore.nn import network
from tests.regcore.exercises import kinds, score_kinds
from tests.regcore.exercises.answers import MISTAKES, defined


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


def flipped_parts(rng):
    """One: a single record may be easy."""
    records = flipped_rows.draw(rng)

    def reaches(f):
        named = [flipped_rows.answer(f, record) for record in records]
        return flipped_rows.precision(records, named) >= flipped_rows.NEEDED

    yield reaches


def temperature_parts(rng):
    for case in temperature.draw(rng):
        yield lambda f, c=case: temperature.is_near(c, temperature.answer(f, c))


PARTS = {
    kinds.GRADIENT: gradient_parts,
    kinds.STOPPING: stopping_parts,
    kinds.CHOOSING: choosing_parts,
    kinds.DROPOUT: dropout_parts,
    score_kinds.FLIPPED: flipped_parts,
    score_kinds.TEMPERATURE: temperature_parts,
}
DRAWS = {score_kinds.FLIPPED: 25, score_kinds.TEMPERATURE: 50}  # a thousand take minutes


def fails(part, answer) -> bool:
    try:
        return part(answer) is False
    except AnswerError:
        return True


@pytest.mark.slow
@pytest.mark.parametrize("task", PARTS, ids=lambda task: task.title)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_wrong_answer_fails_in_each_of_many_draws(task):
    """A check fails when one of its parts does, so the part that failed last is tried first."""
    wrong = [row for row in (*MISTAKES, *kinds.WRONG, *score_kinds.WRONG) if row[0] is task]
    answers = [defined(task, kinds.source_of(task, *changes)) for _, _, *changes in wrong]
    last = [0] * len(answers)
    for seed in range(DRAWS.get(task, 1000)):
        parts = list(PARTS[task](np.random.default_rng(seed)))
        for place, answer in enumerate(answers):
            order = (last[place], *range(len(parts)))
            last[place] = next((p for p in order if fails(parts[p], answer)), -1)
            assert last[place] >= 0, (seed, wrong[place])


@pytest.mark.slow
@pytest.mark.parametrize("task", PARTS, ids=lambda task: task.title)
def test_the_solution_passes_in_many_draws(task):
    solution = defined(task, task.solution)
    for seed in range(DRAWS.get(task, 100)):
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
def test_five_thousand_spoiled_answers_get_a_verdict(monkeypatch):
    rng = np.random.default_rng(6)
    records = flipped_rows.draw(rng)  # which trains: once is enough here
    monkeypatch.setattr(flipped_rows, "draw", lambda rng: records)
    rights = {
        task: kinds.figures(task) if task in kinds.FIGURES else defined(task, task.solution)
        for task in TASKS.values()
    }
    for number in range(5000):
        task = list(TASKS.values())[number % len(TASKS)]
        right = rights[task]
        if task in kinds.FIGURES:
            answer = spoiled(rng, right)
        elif isinstance(right, tuple):
            answer = tuple(spoiling(rng, function) for function in right)
        else:
            answer = spoiling(rng, right)
        ok, message = task.check(answer)
        assert type(ok) is bool and message.isprintable() and message[-1] in ".?!"
