"""The store of finished runs: computed once, shared, interruptible, bounded."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest

from ui.store import Store


def quiet(_share: float) -> None:
    pass


def value(number: float) -> np.ndarray:
    return np.full(3, number)  # 24 bytes


def test_a_value_is_computed_once() -> None:
    store, calls = Store(100), []
    for _ in range(3):
        assert store.get("a", lambda _: calls.append(1) or value(7), quiet)[0] == 7
    assert len(calls) == store.computed == 1


def test_two_threads_that_ask_at_the_same_moment_share_one_computation() -> None:
    store, started, release, shares = Store(100), Event(), Event(), []

    def slow(advance: object) -> np.ndarray:
        advance(0.25)
        started.set()
        assert release.wait(10)
        return value(1)

    def second() -> np.ndarray:
        assert started.wait(10)
        return store.get("a", lambda _: pytest.fail("computed twice"), wait_report)

    def wait_report(share: float) -> None:
        shares.append(share)
        release.set()

    with ThreadPoolExecutor() as pool:
        first, other = pool.submit(store.get, "a", slow, quiet), pool.submit(second)
        assert first.result(20) is other.result(20)
    assert shares[0] == 0.25  # who waits sees how far the other is


def test_an_interrupted_computation_leaves_nothing_and_the_next_one_takes_over() -> None:
    store = Store(100)

    def interrupted(_share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.get("a", lambda advance: advance(0.5), interrupted)
    assert store.get("a", lambda _: value(2), quiet)[0] == 2
    assert store.computed == 1


def test_the_least_recently_used_value_makes_room() -> None:
    store = Store(48)
    for key, number in (("a", 1), ("b", 2)):
        store.get(key, lambda _, number=number: value(number), quiet)
    store.get("a", lambda _: pytest.fail("a is there"), quiet)
    store.get("c", lambda _: value(3), quiet)
    assert store.bytes == 48
    store.get("a", lambda _: pytest.fail("a was used last"), quiet)
    assert store.get("b", lambda _: value(4), quiet)[0] == 4


def test_many_threads_and_little_room_lose_nothing() -> None:
    store = Store(24)  # one value fits: every second call evicts

    def ask(number: int) -> bool:
        key = number % 5
        return store.get(key, lambda _: value(key), quiet)[0] == key

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(2000)))
    assert store.bytes == 24
