"""BLAS has one thread while any run trains; the last run restores the earlier number."""

from contextlib import ExitStack

import numpy as np
import pytest
import scipy.linalg  # noqa: F401  # its BLAS is there before the first run looks for all of them
from threadpoolctl import ThreadpoolController, threadpool_info, threadpool_limits

from regcore import Config, fit
from regcore.blas import one_blas_thread
from regcore.training import loop
from tests.support.helpers import diabetes_split


def blas_threads() -> set[int]:
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


@pytest.fixture(autouse=True)
def two_threads_outside():
    with threadpool_limits(limits=2, user_api="blas"):
        assert blas_threads() == {2}
        yield


@pytest.fixture(autouse=True)
def reported_at_once(monkeypatch):
    monkeypatch.setattr(loop, "PROGRESS_SECONDS", 0.0)


def test_blas_threads_are_restored_after_a_run():
    seen = []
    fit(diabetes_split(), Config(epochs=2), lambda *_: seen.append(blas_threads()))
    assert seen == [{1}] * 3
    assert blas_threads() == {2}


def test_blas_threads_are_restored_after_a_cancelled_run():
    with pytest.raises(ZeroDivisionError):
        fit(diabetes_split(), Config(epochs=2), lambda *_: 1 / 0)
    assert blas_threads() == {2}


def test_the_last_concurrent_run_restores_blas_threads():
    with ExitStack() as outlasting:
        with one_blas_thread():
            outlasting.enter_context(one_blas_thread())
        assert blas_threads() == {1}
    assert blas_threads() == {2}


def test_the_number_of_threads_outside_does_not_change_a_run():
    config = Config(epochs=50, dropout=0.2, hidden_sizes=(64, 64))
    on_two = fit(diabetes_split(), config).params
    with threadpool_limits(limits=1, user_api="blas"):
        on_one = fit(diabetes_split(), config).params
    assert all(np.array_equal(one, two) for one, two in zip(on_one, on_two, strict=True))


def test_a_limit_of_one_thread_is_not_set_again(monkeypatch):
    # OpenBLAS may start a thread at each setting, and interrupts the process if it cannot
    with threadpool_limits(limits=1, user_api="blas"):
        monkeypatch.setattr(ThreadpoolController, "limit", lambda *_, **__: pytest.fail("set"))
        with one_blas_thread():
            assert blas_threads() == {1}
    assert blas_threads() == {2}
