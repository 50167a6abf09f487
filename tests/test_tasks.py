"""One piece of work on many things: all of it done once, and nothing left when it is stopped."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from time import perf_counter, sleep

import pytest
from executors import Shuffled

from regcore.tasks import Stopped, StopSign, fill

TASKS = [(f"task {n}", n) for n in range(7)]
SQUARES = {key: n * n for key, n in TASKS}


def square(n, watch):
    watch(1, 2)
    return n * n


def long(seconds, watch):
    """Sleeps a little at a time, as `fit` trains, and would go on for a minute."""
    end = perf_counter() + 60.0
    while perf_counter() < end:
        watch(0, 1)
        sleep(0.01)
    return "slept"


@pytest.fixture(autouse=True)
def no_sign_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def threads():
    with ThreadPoolExecutor(3) as executor:
        yield executor


@pytest.mark.parametrize("where", [None, "threads"])
def test_every_task_is_done_and_said_so(where, threads):
    found = {}
    steps = sum(1 for _ in fill(found, square, TASKS, threads if where else None))
    assert found == SQUARES
    assert 1 <= steps <= len(TASKS)


@pytest.mark.parametrize("seed", range(3))
def test_results_stand_at_their_key_whatever_order_they_come_in(seed):
    found, shuffled = {}, Shuffled(4, seed)
    for _ in fill(found, square, TASKS, shuffled, shuffled.work):
        pass
    assert found == SQUARES
    assert shuffled.order != sorted(shuffled.order)


def test_only_one_task_more_than_there_are_workers_is_handed_out():
    found, shuffled = {}, Shuffled(2)
    with closing(fill(found, square, iter(TASKS), shuffled, shuffled.work)) as steps:
        for finished in range(1, 5):
            next(steps)
            assert len(found) == finished
            assert shuffled.submitted == 2 + finished


def test_progress_in_this_process_counts_the_parts_of_a_task():
    reports = []
    for _ in fill({}, square, TASKS[:2], None, reports.append):
        pass
    assert reports == [0.5, 1, 1.5, 2]


@pytest.mark.parametrize("executor", [None, "shuffled"])
def test_a_report_that_raises_ends_it_and_keeps_what_was_found(executor):
    found, shuffled = {}, Shuffled(2)

    def report(done):
        shuffled.work()
        if done >= 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        for _ in fill(found, square, TASKS, executor and shuffled, report):
            pass
    assert len(found) >= 3
    assert found.items() <= SQUARES.items()
    assert all(future.cancelled() for future, _ in shuffled.held)


def test_what_was_finished_while_nobody_looked_is_kept_when_it_is_closed():
    found, shuffled = {}, Shuffled(4)
    with closing(fill(found, square, TASKS, shuffled, shuffled.work)) as steps:
        next(steps)
        shuffled.work()
        shuffled.work()
        assert len(found) == 1
    assert len(found) == len(shuffled.order) > 2
    assert found.items() <= SQUARES.items()


class Click(Exception):
    pass


@pytest.fixture
def click():
    """A report that raises after a third of a second."""
    start = perf_counter()

    def report(done):
        if perf_counter() - start > 0.3:
            raise Click

    return report


def test_a_click_ends_what_is_at_work_and_what_is_in_line(threads, click):
    start, found = perf_counter(), {}
    with pytest.raises(Click):
        for _ in fill(found, long, [(n, n) for n in range(9)], threads, click):
            pass
    assert perf_counter() - start < 5.0
    threads.shutdown(wait=True)  # until all that runs has ended
    assert perf_counter() - start < 5.0
    assert found == {}


def test_a_task_that_a_process_has_fetched_but_not_begun_does_nothing():
    fetching = Shuffled(2)

    def click(_):
        for future, _ in fetching.held:
            future.set_running_or_notify_cancel()
        raise Click

    with pytest.raises(Click):
        next(fill({}, square, TASKS, fetching, click))
    futures = [future for future, _ in fetching.held]
    while fetching.held:
        fetching.work()
    assert [type(future.exception()) for future in futures] == [Stopped] * 3


def test_without_a_folder_for_the_sign_tasks_run_to_their_end(threads, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    sign, seen = StopSign(), []
    future = threads.submit(lambda: seen.append(sleep(0.3) or sign.check()))
    sign.stop([future])
    threads.shutdown(wait=True)
    assert seen == [None]


def test_an_error_in_a_task_ends_the_others_and_is_told(threads):
    found = {}
    tasks = [("fine", 2), ("wrong", "two"), *((f"next {n}", n) for n in range(50))]
    with pytest.raises(TypeError, match="can't multiply"):
        for _ in fill(found, square, tasks, threads):
            pass
    assert len(found) < 5


def test_the_sign_is_seen_while_it_is_there():
    sign = StopSign()
    sign.path.touch()
    with pytest.raises(Stopped):
        sign.check()
    sign.path.unlink()
    sign.check(1, 2)
