"""The cache: values are computed once and shared, unwanted jobs stop, and its size is bounded."""

import tempfile
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from time import perf_counter, sleep

import numpy as np
import pytest

from regcore.experiments.parallel import Job, Stopped
from tests.support.executors import Shuffled
from ui.training.cache import Cache, patient

KEYS = list(range(9))


def square(n, watch):
    watch(1, 2)
    return np.full(3, n * n)


def slow(seconds, watch):
    """Report half the work at once, then take until the time is over."""
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
    """A `start` for Cache.get_all; keeps the jobs."""

    def __init__(self, executor, work=square):
        self.executor, self.work, self.jobs = executor, work, {}

    def __call__(self, key):
        assert key not in self.jobs, "started twice"
        self.jobs[key] = Job(self.executor, partial(self.work, key))
        return self.jobs[key]


@pytest.mark.parametrize("seed", range(3))
def test_values_are_returned_in_the_order_requested(seed):
    cache, shuffled, shares = Cache(10**6), Shuffled(4, seed), []

    def report(share):
        shares.append(share)
        shuffled.work()

    asked = [*KEYS, 3, 0]  # two of them twice
    found = cache.get_all(asked, Started(shuffled), report, shuffled)
    assert [value[0] for value in found] == [n * n for n in asked]
    assert shuffled.order != sorted(shuffled.order)
    assert shuffled.submitted == cache.computed == len(KEYS)
    assert shares == sorted(shares)
    again = cache.get_all(KEYS, lambda key: pytest.fail("it is there"), click, shuffled)
    assert all(one is other for one, other in zip(again, found, strict=False))


def test_values_are_yielded_as_they_arrive():
    cache, shuffled = Cache(10**6), Shuffled(1)
    cache.get_all([0, 1], Started(shuffled), shuffled.work, shuffled)
    sizes = [len(v) for v in cache.grow(KEYS, Started(shuffled), shuffled.work, shuffled)]
    assert sizes == [2, 3, 4, 5, 6, 7, 8, 9]


def test_one_callers_jobs_in_the_queue_are_limited():
    shuffled, lengths = Shuffled(3), []

    def report(_share):
        lengths.append(len(shuffled.held))
        shuffled.work()

    Cache(10**6).get_all(KEYS, Started(shuffled), report, shuffled)
    assert max(lengths) == 4


def test_concurrent_callers_share_the_jobs(threads):
    cache, start = Cache(10**6), Started(threads)
    with ThreadPoolExecutor(20) as sessions:
        asked = [np.random.default_rng(n).permutation(KEYS).tolist() for n in range(20)]
        answers = [sessions.submit(cache.get_all, keys, start, quiet, threads) for keys in asked]
        for keys, answer in zip(asked, answers, strict=True):
            assert [value[0] for value in answer.result(20)] == [n * n for n in keys]
    assert cache.computed == len(start.jobs) == len(KEYS)
    assert cache.bytes == 24 * len(KEYS)


def test_a_job_without_waiters_ends_and_leaves_no_value(threads):
    cache, start = Cache(10**6), Started(threads, slow)
    over = threading.Event()  # a fixed time could end before the click on a busy machine
    busy = [threads.submit(over.wait, 10.0) for _ in range(2)]  # two of the four
    threads.size = 5
    with pytest.raises(Click):
        cache.get_all([60.0 + n for n in range(9)], start, click, threads)
    clicked = perf_counter()
    over.set()
    futures = [job.future for job in start.jobs.values()]
    assert len(futures) == 6
    wait([*busy, *futures])
    assert perf_counter() - clicked < 2.0
    assert all(f.cancelled() or isinstance(f.exception(), Stopped) for f in futures)
    assert sum(f.cancelled() for f in futures) >= 4
    assert cache.computed == cache.bytes == 0


def test_a_run_goes_on_when_one_of_two_waiters_leaves(threads):
    cache, start, shares = Cache(10**6), Started(threads, slow), []
    with ThreadPoolExecutor() as session:
        other = session.submit(cache.get_all, [0.5], start, shares.append, threads)
        while not shares:
            sleep(0.01)
        with pytest.raises(Click):
            cache.get_all([0.5], start, click, threads)
        assert len(other.result(10)) == 1
    assert len(start.jobs) == cache.computed == 1
    assert max(shares[:-1]) == 0.5  # what the run itself has told


def test_a_value_finished_unobserved_is_kept():
    cache, shuffled = Cache(10**6), Shuffled(2)

    def report(_share):
        shuffled.work()
        raise Click

    with pytest.raises(Click):
        cache.get_all(KEYS, Started(shuffled), report, shuffled)
    assert cache.computed == 1
    assert all(future.cancelled() for future, _ in shuffled.held)


def test_a_job_begun_ahead_is_shared_with_later_callers(threads):
    cache, started = Cache(10**6), Started(threads, slow)
    for _ in range(2):
        cache.begin(0.2, started)
    with pytest.raises(Click):
        cache.get_all([0.2], started, click, threads)
    (found,) = cache.get_all([0.2], started, quiet, threads)
    cache.begin(0.2, started)
    assert len(started.jobs) == cache.computed == 1
    assert cache.get_all([0.2], started, quiet, threads)[0] is found


def test_a_failed_job_begun_ahead_is_retried(threads):
    def fails(_task, _watch):
        raise ValueError("no")

    cache, failed = Cache(10**6), Started(threads, fails)
    cache.begin(3, failed)
    wait([failed.jobs[3].future])
    assert asked(cache, threads, 3) == 9
    assert cache.computed == 1


def test_starting_a_job_may_wait_for_another_jobs_thread():
    """As loky does when it replaces a broken pool."""
    cache, shuffled = Cache(10**6), Shuffled(2)
    ended, started = (Job(shuffled, partial(square, n)) for n in (2, 3))
    for job in (ended, started):
        job._signal.remove()
    ended.future, started.future = Future(), Future()
    started.future.set_result(np.zeros(3))
    ends = threading.Thread(target=ended.future.set_result, args=[np.zeros(3)], daemon=True)

    def start(key):
        if key == 2:
            return ended
        ends.start()
        ends.join(2)
        assert not ends.is_alive(), "it waits for the cache, and the cache for it"
        return started

    cache.get_all([2, 3], start, quiet, shuffled)


def test_an_error_reaches_all_waiters_and_is_retried(threads):
    cache = Cache(10**6)
    with pytest.raises(TypeError, match="can't multiply"):
        cache.get_all(["two"], Started(threads), quiet, threads)
    (found,) = cache.get_all(["two"], Started(threads, lambda *_: np.ones(3)), quiet, threads)
    assert found[0] == 1.0


def asked(cache, threads, key):
    return cache.get_all([key], Started(threads), quiet, threads)[0][0]


def test_the_least_recently_used_value_makes_room(threads):
    cache = Cache(48)
    for key in (1, 2, 1, 3):
        assert asked(cache, threads, key) == key * key
    assert cache.bytes == 48
    assert set(cache.known([1, 2, 3])) == {1, 3}
    assert asked(cache, threads, 2) == 4
    assert cache.computed == 4


@pytest.fixture
def in_order():
    """A thread that does one task after the other."""
    with ThreadPoolExecutor(1) as executor:
        yield executor


def test_what_nobody_has_asked_for_makes_room_first(in_order):
    """A value takes 24 bytes; with 800 for all, two that were computed ahead stay."""
    cache, asked = Cache(800), KEYS[:3]
    cache.get_all(asked, Started(in_order), quiet, in_order)
    with patient():
        cache.get_all(KEYS, Started(in_order), quiet, in_order)
    assert cache.held() == [*asked, *KEYS[-2:]]
    assert cache.bytes == 24 * 5
    cache.known(KEYS[-2:-1])  # a visitor asks for it
    with patient():
        cache.add({10: np.zeros(3), 11: np.zeros(3)})
        cache.known([10])  # what is wanted ahead again stays
        cache.add({12: np.zeros(3)})
    assert cache.held() == [*asked, KEYS[-2], 10, 12]
    assert cache.bytes == 24 * 6


def test_in_a_full_cache_what_nobody_has_asked_for_makes_room():
    cache = Cache(32 * 24)
    cache.add({n: np.zeros(3) for n in range(30)})
    with patient():
        cache.add({30: np.zeros(3), 31: np.zeros(3)})
    cache.add({32: np.zeros(3)})
    assert cache.held() == [*range(30), 31, 32]
    assert cache.bytes == 32 * 24


def test_a_run_begun_ahead_that_a_visitor_joined_is_asked_for(in_order):
    cache, start = Cache(800), Started(in_order)
    job = cache.begin(0, start)  # the visitor
    with patient():
        cache.get_all([0, 1, 2, 3], start, quiet, in_order)
    cache._leave(0, job)
    assert cache.held() == [0, 2, 3]


def test_many_threads_and_a_small_cache_lose_nothing(threads):
    cache = Cache(24)  # one value fits: every second call evicts
    with ThreadPoolExecutor(8) as sessions:
        found = sessions.map(lambda n: asked(cache, threads, n % 5) == (n % 5) ** 2, range(400))
        assert all(found)
    assert cache.bytes == 24
