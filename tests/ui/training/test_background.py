"""Background work ends when it should, and keeps what is finished."""

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import perf_counter, sleep

import numpy as np
import pytest

from regcore import PRESETS
from regcore.experiments.parallel import Job
from ui.data.spec import DataSpec, split_of
from ui.training import background, speed
from ui.training.background import Background
from ui.training.cache import Cache, how_many_wait

PATIENT = 20.0


def quick(n, watch):
    watch(0, 1)
    return np.full(3, n)


def endless(_n, watch):
    while True:
        watch(0, 1)
        sleep(0.005)


@pytest.fixture
def threads():
    with ThreadPoolExecutor(2) as executor:
        executor.size = 2
        yield executor


@pytest.fixture
def small():
    return Cache(10**6)


def started(pool, work):
    return lambda key: Job(pool, partial(work, key))


def until(condition):
    end = perf_counter() + PATIENT
    while not condition():
        assert perf_counter() < end
        sleep(0.005)


def test_background_work_fills_the_cache(small, threads):
    work = Background(range(9), started(threads, quick), small, threads, [1.0] * 9)
    until(lambda: not work.is_running)
    assert len(small.known(range(9))) == 9
    assert work.share == 1.0
    assert work.error is None


def test_a_stop_ends_it_at_once(small, threads):
    work = Background(range(9), started(threads, endless), small, threads, [1.0] * 9)
    assert work.is_running
    work.stop()
    assert not work.is_running
    until(lambda: not work._thread.is_alive())
    assert work.error is None
    assert not how_many_wait()


def test_work_that_nobody_looks_at_ends(small, threads, monkeypatch):
    monkeypatch.setattr(background, "UNSEEN_SECONDS", 0.3)
    work = Background([1], started(threads, endless), small, threads, [1.0])
    for _ in range(5):
        sleep(0.1)
        work.look()
        assert work.is_running
    until(lambda: not work.is_running)


def test_its_error_is_kept(small, threads):
    def fails(_key):
        raise OSError("full")

    work = Background([1], fails, small, threads, [1.0])
    until(lambda: not work.is_running)
    assert str(work.error) == "full"


def test_a_refused_thread_is_an_error(small, threads, monkeypatch):
    def refuse(_self):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        work = Background([1], started(threads, quick), small, threads, [1.0])
    assert not work.is_running
    assert isinstance(work.error, RuntimeError)


def test_an_estimate_follows_the_measured_speed(threads, monkeypatch):
    monkeypatch.setattr(speed, "_slowness", speed.deque(maxlen=5))
    assert speed.expected([1.0], threads) is None
    monkeypatch.setattr(speed, "SHORTEST", 0.0)
    with speed.measured([0.1, 0.1], threads):
        sleep(0.2)
    assert speed.expected([1.0], threads) == pytest.approx(2.0, rel=0.2)
    assert speed.expected([1.0] * 6, threads) == pytest.approx(6.0, rel=0.2)
    assert speed.expected([], threads) is None


@pytest.mark.parametrize("change", [{"hidden_sizes": (128,)}, {"epochs": 6000}, {"dropout": 0.2}])
def test_more_work_has_a_larger_effort(change):
    split, config = split_of(DataSpec()), PRESETS["memorize"]
    assert speed.effort(split, config.but(**change)) > speed.effort(split, config)
