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
    """Sleeps a little at a time, as `fit` trains, and would go on for a minute."""
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
def test_every_task_is_done_and_said_so(where, threads):
    found = {}
    steps = sum(1 for _ in collect(found, TASKS, threads if where else None, quiet))
    assert found == SQUARES
    assert 1 <= steps <= len(TASKS)


@pytest.mark.parametrize("seed", range(3))
def test_results_stand_at_their_key_whatever_order_they_come_in(seed):
    found, shuffled = {}, Shuffled(4, seed)
    for _ in collect(found, TASKS, shuffled, shuffled.work):
        pass
    assert found == SQUARES
    assert shuffled.order != sorted(shuffled.order)


def test_one_task_more_than_there_are_workers_is_submitted():
    found, shuffled = {}, Shuffled(2)
    with closing(collect(found, iter(TASKS), shuffled, shuffled.work)) as steps:
        for finished in range(1, 5):
            next(steps)
            assert len(found) == finished
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
def test_a_report_that_raises_ends_it_and_keeps_what_was_found(executor):
    found, shuffled = {}, Shuffled(2)

    def report(done):
        shuffled.work()
        if done >= 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        for _ in collect(found, TASKS, executor and shuffled, report):
            pass
    assert len(found) >= 3
    assert found.items() <= SQUARES.items()
    assert all(future.cancelled() for future, _ in shuffled.held)


def test_what_was_finished_while_nobody_looked_is_kept_when_it_is_closed():
    found, shuffled = {}, Shuffled(4)
    with closing(collect(found, TASKS, shuffled, shuffled.work)) as steps:
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


@pytest.mark.parametrize("where", [None, "threads"])
def test_a_click_ends_what_is_at_work_and_what_is_queued(where, threads, click):
    start, found = perf_counter(), {}
    tasks = [(n, partial(long, n)) for n in range(9)]
    with pytest.raises(Click):
        for _ in collect(found, tasks, threads if where else None, click):
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
        next(collect({}, TASKS, fetching, click))
    futures = [future for future, _ in fetching.held]
    while fetching.held:
        fetching.work()
    assert [type(future.exception()) for future in futures] == [Stopped] * 3


def test_without_a_folder_a_task_in_this_process_is_stopped_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with ThreadPoolExecutor(1) as thread:
        job = Job(thread, partial(long, 1))
        while not job.future.running():
            sleep(0.01)
        job.stop()
        wait([job.future], 5)
    assert type(job.future.exception()) is Stopped


def test_an_error_in_a_task_ends_the_others_and_is_told(threads):
    found = {}
    values = [2, "two", *range(50)]
    with pytest.raises(TypeError, match="can't multiply"):
        for _ in collect(
            found, list(enumerate(partial(square, v) for v in values)), threads, quiet
        ):
            pass
    assert len(found) < 5


def test_a_signal_reads_the_largest_share_that_was_told():
    signal = Signal()
    seen = [signal.share]
    for epoch in (0, 1, 150, 300, 20):
        signal.tell(epoch, 300)
        seen.append(signal.share)
    signal.remove()
    assert seen[:5] == [0.0, 0.0, 0.0, 0.5, 1.0]


def test_a_copy_of_a_signal_in_another_process_tells_and_stops(monkeypatch):
    import pickle

    signal = Signal()
    there = pickle.loads(pickle.dumps(signal))
    there.tell(1, 4)
    assert signal.share == 0.25
    signal.stop()
    with pytest.raises(Stopped):
        there.tell(2, 4)
    signal.remove()
    there.tell(3, 4)  # on a machine without the file nothing says stop
