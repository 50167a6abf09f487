"""Many tasks on an executor: all done once, and nothing left when they are stopped."""

import tempfile
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from functools import partial
from time import perf_counter, sleep

import pytest

from regcore.experiments.parallel import Job, Signal, Stopped, collect
from tests.support.executors import Shuffled


def square(n, watch):
    watch(1, 2)
    return n * n


def long(seconds, watch):
    """Sleep for up to a minute, calling `watch` regularly as `fit` does."""
    end = perf_counter() + 60.0
    while perf_counter() < end:
        watch(0, 1)
        sleep(0.01)
    return "slept"


TASKS = [(f"task {n}", partial(square, n)) for n in range(7)]
SQUARES = {f"task {n}": n * n for n in range(7)}


def quiet(_done):
    pass


@pytest.fixture(autouse=True)
def no_file_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def threads():
    with ThreadPoolExecutor(3) as executor:
        yield executor


@pytest.mark.parametrize("where", [None, "threads"])
def test_every_task_is_done_and_reported(where, threads):
    results = {}
    steps = sum(1 for _ in collect(results, TASKS, threads if where else None, quiet))
    assert results == SQUARES
    assert 1 <= steps <= len(TASKS)


@pytest.mark.parametrize("seed", range(3))
def test_results_have_their_keys_in_any_order_of_completion(seed):
    results, shuffled = {}, Shuffled(4, seed)
    for _ in collect(results, TASKS, shuffled, shuffled.work):
        pass
    assert results == SQUARES
    assert shuffled.order != sorted(shuffled.order)


def test_one_task_more_than_workers_is_submitted():
    results, shuffled = {}, Shuffled(2)
    with closing(collect(results, iter(TASKS), shuffled, shuffled.work)) as steps:
        for finished in range(1, 5):
            next(steps)
            assert len(results) == finished
            assert shuffled.submitted == 2 + finished


def test_progress_in_this_process_counts_the_parts_of_a_task():
    def half(watch):
        watch(1, 2)
        sleep(0.35)

    reports = []
    for _ in collect({}, [("a", half), ("b", half)], None, reports.append):
        pass
    assert {0.5, 1, 1.5, 2} <= set(reports)
    assert reports == sorted(reports)


@pytest.mark.parametrize("executor", [None, "shuffled"])
def test_a_raising_report_ends_collect_and_keeps_results(executor):
    results, shuffled = {}, Shuffled(2)

    def report(done):
        shuffled.work()
        if done >= 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        for _ in collect(results, TASKS, executor and shuffled, report):
            pass
    assert len(results) >= 3
    assert results.items() <= SQUARES.items()
    assert all(future.cancelled() for future, _ in shuffled.held)


def test_closing_keeps_results_that_finished_between_steps():
    results, shuffled = {}, Shuffled(4)
    with closing(collect(results, TASKS, shuffled, shuffled.work)) as steps:
        next(steps)
        shuffled.work()
        shuffled.work()
        assert len(results) == 1
    assert len(results) == len(shuffled.order) > 2
    assert results.items() <= SQUARES.items()


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


@pytest.mark.parametrize("where", [None, "threads"])
def test_a_click_ends_running_and_queued_tasks(where, threads, click):
    start, results = perf_counter(), {}
    tasks = [(n, partial(long, n)) for n in range(9)]
    with pytest.raises(Click):
        for _ in collect(results, tasks, threads if where else None, click):
            pass
    assert perf_counter() - start < 5.0
    threads.shutdown(wait=True)  # waits for running tasks
    assert perf_counter() - start < 5.0
    assert results == {}


def test_a_fetched_task_does_nothing_after_a_stop():
    fetching = Shuffled(2)

    def click(_):
        for future, _ in fetching.held:
            future.set_running_or_notify_cancel()
        raise Click

    with pytest.raises(Click):
        next(collect({}, TASKS, fetching, click))
    futures = [future for future, _ in fetching.held]
    while fetching.held:
        fetching.work()
    assert [type(future.exception()) for future in futures] == [Stopped] * 3


def test_a_task_in_this_process_stops_without_a_temporary_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with ThreadPoolExecutor(1) as thread:
        job = Job(thread, partial(long, 1))
        while not job.future.running():
            sleep(0.01)
        job.stop()
        wait([job.future], 5)
    assert type(job.future.exception()) is Stopped


def test_an_error_in_a_task_ends_the_others_and_propagates(threads):
    results = {}
    values = [2, "two", *range(50)]
    with pytest.raises(TypeError, match="can't multiply"):
        for _ in collect(
            results, list(enumerate(partial(square, v) for v in values)), threads, quiet
        ):
            pass
    assert len(results) < 5


def test_share_is_the_largest_value_reported():
    signal = Signal()
    seen = [signal.share]
    for epoch in (0, 1, 150, 300, 20):
        signal.tell(epoch, 300)
        seen.append(signal.share)
    signal.remove()
    assert seen[:5] == [0.0, 0.0, 0.0, 0.5, 1.0]


def test_a_pickled_signal_reports_and_stops(monkeypatch):
    import pickle

    signal = Signal()
    there = pickle.loads(pickle.dumps(signal))
    there.tell(1, 4)
    assert signal.share == 0.25
    signal.stop()
    with pytest.raises(Stopped):
        there.tell(2, 4)
    signal.remove()
    there.tell(3, 4)  # without the file, as on another machine, nothing stops it
