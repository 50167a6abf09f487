"""The store of finished runs: computed once, shared, interruptible, bounded."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from ui.store import Store


def quiet(_share: float) -> None:
    pass


def test_a_value_is_computed_once() -> None:
    store, calls = Store(100, size_of=len), []
    for _ in range(3):
        assert store.get("a", lambda _: calls.append(1) or "xyz", quiet) == "xyz"
    assert len(calls) == store.computed == 1


def test_two_threads_that_ask_at_the_same_moment_share_one_computation() -> None:
    store, started, release, shares = Store(100, size_of=len), Event(), Event(), []

    def slow(advance: object) -> str:
        advance(0.25)
        started.set()
        assert release.wait(10)
        return "value"

    def second() -> str:
        assert started.wait(10)
        return store.get("a", lambda _: pytest.fail("computed twice"), wait_report)

    def wait_report(share: float) -> None:
        shares.append(share)
        release.set()

    with ThreadPoolExecutor() as pool:
        first, other = pool.submit(store.get, "a", slow, quiet), pool.submit(second)
        assert first.result(20) == other.result(20) == "value"
    assert shares[0] == 0.25  # who waits sees how far the other is


def test_an_interrupted_computation_leaves_nothing_and_the_next_one_takes_over() -> None:
    store = Store(100, size_of=len)

    def interrupted(_share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.get("a", lambda advance: advance(0.5), interrupted)
    assert store.get("a", lambda _: "done", quiet) == "done"
    assert store.computed == 1


def test_the_least_recently_used_value_makes_room() -> None:
    store = Store(6, size_of=len)
    for key in ("a", "b"):
        store.get(key, lambda _, key=key: key * 3, quiet)
    store.get("a", lambda _: pytest.fail("a is there"), quiet)
    store.get("c", lambda _: "ccc", quiet)
    assert store.bytes == 6
    store.get("a", lambda _: pytest.fail("a was used last"), quiet)
    assert store.get("b", lambda _: "new", quiet) == "new"
