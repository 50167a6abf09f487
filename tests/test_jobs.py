"""Jobs that several wait for: done once, shared, dropped when nobody waits, whatever the order."""

import tempfile
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from time import perf_counter, sleep

import numpy as np
import pytest
from executors import Shuffled

from regcore.jobs import Gauge, Job
from regcore.tasks import Stopped
from ui.store import Store

KEYS = list(range(9))


def square(n, watch):
    watch(1, 2)
    return np.full(3, n * n)


def slow(seconds, watch):
    """Half way at once, then at work until the time is over."""
    end = perf_counter() + seconds
    while perf_counter() < end:
        watch(1, 2)
        sleep(0.01)
    return np.zeros(3)


def quiet(_share):
    pass


class Click(Exception):
    pass


def click(_share):
    raise Click


@pytest.fixture(autouse=True)
def nothing_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def threads():
    with ThreadPoolExecutor(4) as executor:
        yield executor


class Started:
    """A `start` for Store.get_all; keeps the jobs."""

    def __init__(self, executor, work=square):
        self.executor, self.work, self.jobs = executor, work, {}

    def __call__(self, key):
        assert key not in self.jobs, "started twice"
        self.jobs[key] = Job(self.executor, self.work, key)
        return self.jobs[key]


@pytest.mark.parametrize("seed", range(3))
def test_values_stand_in_the_order_asked_for_whatever_order_they_come_in(seed):
    store, shuffled, shares = Store(10**6), Shuffled(4, seed), []

    def report(share):
        shares.append(share)
        shuffled.work()

    asked = [*KEYS, 3, 0]  # two of them twice
    found = store.get_all(asked, Started(shuffled), report, 4)
    assert [value[0] for value in found] == [n * n for n in asked]
    assert shuffled.order != sorted(shuffled.order)
    assert shuffled.submitted == store.computed == len(KEYS)
    assert shares == sorted(shares)
    again = store.get_all(KEYS, lambda key: pytest.fail("it is there"), click, 4)
    assert all(one is other for one, other in zip(again, found, strict=False))


def test_one_caller_has_only_so_many_in_line():
    shuffled, lengths = Shuffled(3), []

    def report(_share):
        lengths.append(len(shuffled.held))
        shuffled.work()

    Store(10**6).get_all(KEYS, Started(shuffled), report, 3)
    assert max(lengths) == 3


def test_many_who_ask_at_once_share_the_jobs(threads):
    store, start = Store(10**6), Started(threads)
    with ThreadPoolExecutor(20) as sessions:
        asked = [np.random.default_rng(n).permutation(KEYS).tolist() for n in range(20)]
        answers = [sessions.submit(store.get_all, keys, start, quiet, 3) for keys in asked]
        for keys, answer in zip(asked, answers, strict=True):
            assert [value[0] for value in answer.result(20)] == [n * n for n in keys]
    assert store.computed == len(start.jobs) == len(KEYS)
    assert store.bytes == 24 * len(KEYS)


def test_what_nobody_waits_for_ends_or_never_starts_and_nothing_half_made_is_kept(threads):
    store, start = Store(10**6), Started(threads, slow)
    busy = [threads.submit(sleep, 0.3) for _ in range(2)]  # two of the four
    with pytest.raises(Click):
        store.get_all([60.0 + n for n in range(9)], start, click, 6)
    clicked = perf_counter()
    futures = [job.future for job in start.jobs.values()]
    assert len(futures) == 6
    wait([*busy, *futures])
    assert perf_counter() - clicked < 2.0
    assert all(f.cancelled() or isinstance(f.exception(), Stopped) for f in futures)
    assert sum(f.cancelled() for f in futures) >= 4
    assert store.computed == store.bytes == 0


def test_a_run_goes_on_when_one_of_two_who_wait_clicks_away(threads):
    store, start, shares = Store(10**6), Started(threads, slow), []
    with ThreadPoolExecutor() as session:
        other = session.submit(store.get_all, [0.5], start, shares.append, 3)
        while not shares:
            sleep(0.01)
        with pytest.raises(Click):
            store.get_all([0.5], start, click, 3)
        assert len(other.result(10)) == 1
    assert len(start.jobs) == store.computed == 1
    assert max(shares[:-1]) == 0.5  # what the run itself has told


def test_what_ended_while_nobody_looked_is_kept():
    store, shuffled = Store(10**6), Shuffled(2)

    def report(_share):
        shuffled.work()
        raise Click

    with pytest.raises(Click):
        store.get_all(KEYS, Started(shuffled), report, 2)
    assert store.computed == 1
    assert all(future.cancelled() for future, _ in shuffled.held)


def test_what_nobody_waits_for_yet_is_kept_and_shared_with_who_comes_meanwhile(threads):
    store, started = Store(10**6), Started(threads, slow)
    for _ in range(2):
        store.begin(0.2, started)
    with pytest.raises(Click):
        store.get_all([0.2], started, click, 3)
    (found,) = store.get_all([0.2], started, quiet, 3)
    store.begin(0.2, started)
    assert len(started.jobs) == store.computed == 1
    assert store.get_all([0.2], started, quiet, 3)[0] is found


def test_what_nobody_waits_for_and_failed_is_tried_again():
    def fails(_task, _watch):
        raise ValueError("no")

    store = Store(10**6)
    for work in (fails, square):
        with ThreadPoolExecutor(1) as executor:
            store.begin(3, Started(executor, work))
        for thread in threading.enumerate():
            if thread.name == "ahead":
                thread.join(5)
    assert store.computed == 1
    assert store.get_all([3], pytest.fail, quiet, 3)[0][0] == 9


def test_who_starts_a_job_may_wait_for_the_thread_that_ends_another():
    """As loky does, when it must make a new pool of a broken one."""
    store, ahead, other = Store(10**6), Job(Shuffled(1), square, 2), Job(Shuffled(1), square, 3)
    ahead.future, other.future = Future(), Future()
    other.future.set_result(np.zeros(3))
    ends = threading.Thread(target=ahead.future.set_result, args=[np.zeros(3)], daemon=True)

    def start(_key):
        ends.start()
        ends.join(2)
        assert not ends.is_alive(), "it waits for the store, and the store for it"
        return other

    store.begin(2, lambda _: ahead)
    store.get_all([3], start, quiet, 3)


def test_an_error_is_told_to_all_who_wait_and_the_next_one_tries_again(threads):
    store = Store(10**6)
    with pytest.raises(TypeError, match="can't multiply"):
        store.get_all(["two"], Started(threads), quiet, 3)
    (found,) = store.get_all(["two"], Started(threads, lambda *_: np.ones(3)), quiet, 3)
    assert found[0] == 1.0


def test_a_gauge_reads_what_was_told_last():
    gauge = Gauge()
    read = [gauge.read()]
    for epoch in (0, 1, 150, 300):
        gauge.tell(epoch, 300)
        read.append(gauge.read())
    gauge.clear()
    assert [*read, gauge.read()] == [0.0, 0.0, 0.0, 0.5, 1.0, 1.0]


def test_without_a_folder_there_is_no_progress_and_no_harm(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    gauge = Gauge()
    gauge.tell(1, 2)
    assert gauge.read() == 0.0
    gauge.clear()
