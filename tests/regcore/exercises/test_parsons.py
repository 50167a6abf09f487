"""Lines in a random order: what is shown, and that any order that runs right is right."""

from itertools import pairwise
from math import factorial

import pytest

from regcore.exercises import TASKS, parsons
from regcore.exercises.grading import Check
from tests.regcore.exercises.answers import defined

OFFERED = [task for task in TASKS.values() if parsons.is_offered(task)]
CODED = [task for task in OFFERED if task.functions]
_, _, _, GRADIENT, DROPOUT, STOPPING, CHOOSING, *_ = TASKS.values()


def test_all_tasks_with_code_are_offered():
    assert [task.number for task in OFFERED] == [1, 2, 3, 4, 5, 6, 7, 9, 10]


@pytest.mark.parametrize("task", OFFERED, ids=lambda task: task.title)
def test_the_pieces_in_their_order_are_the_solution(task):
    lines = parsons.LONGER.get(task.name, task.solution).splitlines()
    given = parsons.assembled(task, range(len(parsons.pieces(task)))).splitlines()
    left_out = [line.strip() for line in lines if line not in given]
    assert all(not line or line.startswith('"""') for line in left_out)
    assert [line for line in lines if line in given and line] == [line for line in given if line]


@pytest.mark.parametrize("task", OFFERED, ids=lambda task: task.title)
def test_an_order_is_shuffled_by_its_seed(task):
    orders = [parsons.shuffled(task, seed) for seed in range(20)]
    right = tuple(range(len(parsons.pieces(task))))
    assert orders == [parsons.shuffled(task, seed) for seed in range(20)]
    assert len(set(orders)) > min(10, factorial(len(right)) - 2) and right not in orders
    assert all(tuple(sorted(order)) == right for order in orders)


def in_process(task, order) -> Check:
    return task.check(defined(task, parsons.assembled(task, order)))


@pytest.mark.parametrize("task", CODED, ids=lambda task: task.title)
def test_the_right_order_passes(task):
    assert in_process(task, range(len(parsons.pieces(task)))).ok


def test_lines_that_may_be_swapped_pass_and_others_do_not():
    right = list(range(len(parsons.pieces(GRADIENT))))
    swaps = {(4, 5), (4, 6), (5, 6), (5, 7), (5, 8), (6, 7), (6, 8), (7, 8)}
    for first, second in pairwise(right[:-1]):
        order = [*right[:first], second, first, *right[second + 1 :]]
        assert in_process(GRADIENT, order).ok is ((first, second) in swaps)
    for first, second in swaps:  # the second one goes right before the first
        order = [place for place in right if place != second]
        order.insert(first, second)
        assert in_process(GRADIENT, order).ok


@pytest.mark.slow
def test_the_sandbox_judges_an_order():
    assert parsons.check_order(STOPPING, range(len(parsons.pieces(STOPPING)))).check.ok
    for seed in range(3):
        report = parsons.check_order(STOPPING, parsons.shuffled(STOPPING, seed))
        assert report.check.ok is False and report.check.message.startswith("Line ")
    swapped = parsons.check_order(CHOOSING, (0, 1, 3, 2, 4)).check
    assert not swapped.ok and "indent" in swapped.message


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("l2-sweep", (0, 1, 2, 3, 4, 5, 6, 8, 7, 9)),
        ("smaller-network", range(8)),
        ("weight-decay", (1, 0, 2, 3, 4, 5)),
    ],
)
def test_a_script_passes_with_a_swap(name, order):
    assert parsons.check_order(TASKS[name], order).check.ok


@pytest.mark.parametrize("order", [(), (0, 1), (0,) * 5, (0, 1, 2, 3, 5), (0, 1, 2, 3, "4")])
def test_what_is_no_order_is_refused(order):
    with pytest.raises((ValueError, TypeError)):
        parsons.assembled(CHOOSING, order)
