"""The checks of the exercises: right answers pass, and each known mistake gets its sentence."""

import numpy as np
import pytest

from regcore.exercises import TASKS, Check, early_stopping, reference_runs
from regcore.training.early_stopping import replay
from tests.regcore.exercises.answers import MISTAKES, defined, edited

SWEEP, SMALLER, SIZES, GRADIENT, DROPOUT, STOPPING, CHOOSING, CURVES, *_ = TASKS.values()


SLOW = {CHOOSING: pytest.mark.slow, CURVES: pytest.mark.slow}
ALL = [pytest.param(task, marks=SLOW.get(task, ()), id=task.title) for task in TASKS.values()]


@pytest.mark.parametrize("task", ALL)
def test_the_solution_passes_and_the_starter_does_not(task):
    if task not in (SWEEP, SMALLER, SIZES):  # these train; test_page_exercises runs them
        assert task.check(defined(task, task.solution)).ok
    assert not task.check(defined(task, task.starter)).ok


@pytest.mark.parametrize(
    ("task", "sentence", "changes"),
    [(task, sentence, changes) for task, sentence, *changes in MISTAKES],
    ids=[f"{row[0].number} {row[1]}" for row in MISTAKES],
)
def test_each_mistake_in_code_gets_its_sentence(task, sentence, changes):
    check = task.check(defined(task, edited(task, *changes)))
    assert not check.ok
    assert sentence in check.message


def gaps(*changed: float, **settings) -> dict[float, float]:
    values = changed or [
        reference_runs.gap(reference_runs.run(l2, **settings)) for l2 in (0.0, 0.01, 0.05, 0.2)
    ]
    return dict(zip((0.0, 0.01, 0.05, 0.2), values, strict=True))


def as_shown(run) -> float:
    """The gap between two accuracies that were rounded to three digits."""
    train, test = (round(score, 3) for score in reference_runs.scores(run))
    return round(train - test, 3)


def swept(gaps, change="falls"):
    return {"gaps": gaps, "training accuracy": change}


def compared(large, small, tool="64 units with L2"):
    return {"gap with 64 units": large, "gap with 4 units": small, "smaller gap": tool}


def read(*readings):
    return dict(zip("ABCD", readings, strict=True))


def sizes(of, **settings) -> dict[float, float]:
    return {l2: of(reference_runs.run(l2, **settings)) for l2 in (0.0, 0.05)}


def figures() -> list:
    """Right answers of the tasks that ask for figures, and known mistakes: task, answer, words."""
    four = gaps()
    runs = [reference_runs.run(l2) for l2 in four]
    wide, small = (
        reference_runs.gap(reference_runs.run()),
        reference_runs.gap(reference_runs.run(units=4)),
    )
    mean = sizes(reference_runs.mean_size)
    return [
        (SWEEP, swept(four), "Correct"),
        (SWEEP, swept({l2: round(gap, 3) for l2, gap in four.items()}), "Correct"),
        (SWEEP, swept(gaps(*(-g for g in four.values()))), "opposite sign"),
        (SWEEP, swept(gaps(*(100 * g for g in four.values()))), "percent"),
        (
            SWEEP,
            swept(gaps(*(reference_runs.scores(run)[0] for run in runs))),
            "training accuracies",
        ),
        (SWEEP, swept(gaps(*(reference_runs.scores(run)[1] for run in runs))), "test accuracies"),
        (
            *(
                SWEEP,
                swept(gaps(*(-np.subtract(*reference_runs.scores(run, "loss")) for run in runs))),
            ),
            "between losses",
        ),
        (SWEEP, swept(gaps(*[four[0.0]] * 4)), "Does λ reach the training?"),
        (SWEEP, swept(gaps(*reversed(four.values()))), "wrong order"),
        (SWEEP, swept({**four, 0.0: 0.281}), "what the lesson prints"),
        (
            SWEEP,
            swept(gaps(*(1 - reference_runs.scores(run)[1] for run in runs))),
            "1 minus the test",
        ),
        (SWEEP, swept(gaps(*(as_shown(run) for run in runs))), "Correct"),
        (SWEEP, swept({**four, 0.01: 0.2}), "The gap for λ = 0.01 is 0.2"),
        (SWEEP, swept(four, "rises"), "Look at the training accuracies"),
        (SWEEP, swept(four, None), "Not answered yet"),
        (SWEEP, swept({0.0: 0.1}), "just these keys"),
        (SMALLER, compared(wide, small), "Correct"),
        (SMALLER, compared(*(as_shown(reference_runs.run(units=n)) for n in (64, 4))), "Correct"),
        (SMALLER, compared(small, wide), "swapped"),
        (SMALLER, compared(-wide, -small), "opposite sign"),
        (SMALLER, compared(wide, wide), "Both gaps are that of 64 units"),
        (SMALLER, compared(small, small), "Both gaps are that of 4 units"),
        (SMALLER, compared(wide, small, "4 units"), "other way around"),
        (SMALLER, compared(wide, small, "both"), "must be one of"),
        (
            SMALLER,
            compared(*(reference_runs.gap(reference_runs.run(0.05, units=n)) for n in (64, 4))),
            "gaps with L2",
        ),
        (
            SMALLER,
            compared(
                *(
                    reference_runs.gap(reference_runs.run(units=n, preset="memorize"))
                    for n in (64, 4)
                )
            ),
            "Memorize",
        ),
        (SIZES, mean, "Correct"),
        (SIZES, sizes(lambda run: float(run.params[0].mean())), "signs cancel"),
        (SIZES, sizes(lambda run: reference_runs.mean_size(run, 1)), "sizes of W2"),
        (
            SIZES,
            sizes(lambda run: float(np.abs(np.vstack(run.params[:2])).mean())),
            "biases are included",
        ),
        (SIZES, sizes(lambda run: float(np.abs(run.params[0]).sum())), "are sums"),
        (SIZES, sizes(lambda run: float((run.params[0] ** 2).mean())), "mean squares"),
        (SIZES, sizes(lambda run: float(np.abs(run.params[0]).max())), "largest absolute values"),
        (SIZES, {0.0: mean[0.05], 0.05: mean[0.0]}, "swapped"),
        (SIZES, {0.0: mean[0.0], 0.05: mean[0.0]}, "without L2"),
        (SIZES, sizes(reference_runs.mean_size, preset="memorize"), "Memorize"),
        (CHOOSING, {"l2": 0.01}, "Correct"),
        (CHOOSING, {"l2": 0.1}, "lowest test loss"),
        (CHOOSING, {"l2": 0.0}, "lowest training loss"),
        (CHOOSING, {"l2": 0.03}, "highest validation accuracy"),
        (CHOOSING, {"l2": None}, "Not answered yet"),
        (CURVES, read("overfits", "cannot tell", "underfits", "overfits"), "Look at A"),
        (
            CURVES,
            read("just right", "overfits", "underfits", "overfits"),
            "enough patients",
        ),
        (
            CURVES,
            read("just right", "cannot tell", "just right", "overfits"),
            "both losses",
        ),
        (CURVES, read("just right", "cannot tell", "underfits", "underfits"), "stays high"),
        (CURVES, read("just right", "cannot tell", "underfits", "cannot tell"), "patients"),
    ]


@pytest.mark.slow
def test_each_mistake_in_figures_gets_its_sentence():
    for task, answer, sentence in figures():
        check = task.check(answer)
        assert check.ok == sentence.startswith("Correct"), (task.title, answer)
        assert sentence in check.message


class Trick:
    """An answer that must never be compared or inspected."""

    def __eq__(self, other):
        raise AssertionError("asked whether it is equal")

    def __hash__(self):
        return 0

    def __getattr__(self, name):
        raise AssertionError(f"asked for {name}")


@pytest.mark.parametrize("task", TASKS.values(), ids=lambda task: task.title)
@pytest.mark.parametrize(
    "answer",
    [None, 1, "x", [], {}, {"A": Trick()}, {Trick(): 1}, Trick(), np.ones(3), float("nan")],
    ids=lambda answer: type(answer).__name__,
)
def test_an_invalid_answer_fails_with_a_sentence(task, answer):
    answers = {0: answer, 1: lambda *args: answer, 2: (lambda *args: answer,) * 2}
    check = task.check(answers[len(task.functions)])
    assert type(check) is Check
    assert not check.ok
    assert check.message.endswith((".", "?"))


def test_a_choice_that_depends_on_test_patients_fails():
    def choose(sweep):  # right on every sweep, except where the test losses equal λ
        by = "test_loss" if sweep[-1]["test_loss"] == sweep[-1]["l2"] else "validation_loss"
        return min(sweep, key=lambda row: row[by])["l2"]

    assert "only the test scores change" in CHOOSING.check(choose).message


def test_checks_use_fresh_data():
    seen = []

    def spy(X, *rest):
        seen.append(X.tobytes())

    GRADIENT.check(spy)
    GRADIENT.check(spy)
    assert len(set(seen)) == 2


def test_each_part_prefers_another_l2_in_task_7():
    rows = reference_runs.sweep()
    best = [min(rows, key=lambda r: r[f"{part}_loss"])["l2"] for part in PARTS]
    assert len(set(best)) == 3


PARTS = ("train", "validation", "test")


def test_every_task_has_what_the_page_needs():
    assert [task.number for task in TASKS.values()] == list(range(1, 11))
    for task in TASKS.values():
        assert len(set(task.hints)) == 3
        assert all(word.strip() for word in (task.title, task.text, task.starter))
        assert task.topic in ("overfitting", "l2", "dropout", "early stopping")
        compile(task.starter, "starter", "exec")


def test_every_stopping_rule_mistake_fails_on_every_draw():
    for seed in range(20):
        cases = early_stopping.draw(np.random.default_rng(seed))
        right = [tuple(replay(*case)) for case in cases]
        assert right == [early_stopping.RIGHT(*case) for case in cases]
        assert all(case[0][best] < np.inf for case, (best, _) in zip(cases, right, strict=True))
        for rule in early_stopping.MISTAKES.values():
            assert [rule(*case) for case in cases] != right
