"""Runs on request of a page: the same bits in every process, trained once, stopped if unwanted."""

import os
import pickle
import signal
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from time import perf_counter, sleep

import pytest

from regcore import Config, fit
from regcore.experiments.parallel import Job
from regcore.training.prefixes import lengthened
from tests.support.executors import Recorded, pool
from tests.workers.support import PATIENT, processes
from ui.data.spec import DataSpec, split_of
from ui.training import cache, runs
from ui.training.cache import Cache
from workers import VARIABLE

pytestmark = pytest.mark.slow

DATA = DataSpec(validation_size=0.2)
WIDTHS = (1, 2, 4, 8, 16)


def quiet(_share):
    pass


@pytest.fixture
def recorded(monkeypatch):
    """Two workers train for the pages, with an empty cache; the futures are recorded."""
    recorded = Recorded(pool())
    monkeypatch.setattr(runs, "executor", lambda: recorded)
    monkeypatch.setattr(cache, "SHARED", Cache(cache.MAX_BYTES))
    split_of(DATA)
    processes()
    return recorded


def asked(epochs=300, **changes):
    configs = [Config((width,), epochs=epochs, dropout=0.2, **changes) for width in WIDTHS]
    return [runs.Request(DATA, c, keep=(0, 100), checkpoint_every=50) for c in configs]


def bits(run) -> list[bytes]:
    """All of a run, whichever of its parts were one object in the process that trained it."""
    parts = vars(run) | {"snapshots": dict(run.snapshots)}
    return [pickle.dumps(pickle.loads(pickle.dumps(part))) for part in parts.values()]


def test_workers_and_this_process_give_the_same_bits(recorded, monkeypatch):
    there = runs.train(asked(patience=200), quiet)
    assert len(recorded.futures) == len(WIDTHS)
    monkeypatch.undo()
    monkeypatch.setattr(cache, "SHARED", Cache(cache.MAX_BYTES))
    monkeypatch.setenv(VARIABLE, "0")
    here = runs.train(asked(patience=200), quiet)
    assert [run.config for run in here] == [request.config for request in asked(patience=200)]
    for one, other in zip(here, there, strict=True):
        assert bits(one) == bits(other)
        assert not other.params[0].flags.writeable


def test_a_run_requested_thirty_times_is_trained_once(recorded):
    with ThreadPoolExecutor(30) as sessions:
        found = list(sessions.map(lambda _: runs.train(asked(), quiet), range(30)))
    assert len(recorded.futures) == cache.SHARED.computed == len(WIDTHS)
    assert all(one is other for each in found for one, other in zip(each, found[0], strict=True))


def test_a_run_that_arrives_during_the_search_for_relatives_is_taken_itself(recorded, monkeypatch):
    request, search = asked()[0], runs._relatives
    arrived = request.work()()

    def late(*args):
        cache.SHARED.add({request: arrived})
        return search(*args)

    monkeypatch.setattr(runs, "_relatives", late)
    assert runs.train([request], quiet)[0] is arrived


def test_the_longest_runs_start_first_and_keep_their_order(recorded, monkeypatch):
    started = []

    def job(pool, work):
        started.append(work.args[1].hidden_sizes[0])
        return Job(pool, work)

    monkeypatch.setattr(runs, "Job", job)
    requests = asked(epochs=100)
    found = runs.train([*requests, requests[0]], quiet)
    assert started == sorted(WIDTHS, reverse=True)
    assert [run.config.hidden_sizes[0] for run in found] == [*WIDTHS, WIDTHS[0]]


def test_no_requests_give_no_runs(recorded):
    assert runs.train([], quiet) == []


class Click(Exception):
    pass


def after(seconds):
    """A report that is interrupted at that time."""
    end = perf_counter() + seconds

    def report(_share):
        if perf_counter() > end:
            raise Click

    return report


def test_a_click_stops_running_and_queued_runs(recorded):
    start = perf_counter()
    with pytest.raises(Click):
        runs.train(asked(epochs=100_000), after(0.4))
    assert perf_counter() - start < 1.5
    wait(recorded.futures, PATIENT)
    assert perf_counter() - start < 3.0
    assert len(recorded.futures) == 3  # of five
    assert not any(future.done() and not future.exception() for future in recorded.futures[:2])
    assert recorded.futures[2].cancelled() or recorded.futures[2].exception()
    assert cache.SHARED.computed == 0


def test_dragging_a_slider_trains_little_but_the_last_value(recorded):
    drag = [asked(epochs=100_000, seed=seed)[:1] for seed in range(12)]
    for requests in drag:
        with pytest.raises(Click):
            runs.train(requests, after(0.0))
    (last,) = runs.train(asked(seed=99)[:1], quiet)
    wait(recorded.futures, PATIENT)
    assert last.config.seed == 99
    assert cache.SHARED.computed == 1


def test_the_bar_moves_while_a_worker_trains(recorded):
    shares = []
    runs.train(asked(epochs=8000)[-1:], shares.append)
    assert len({share for share in shares if 0.0 < share < 1.0}) >= 3
    assert shares == sorted(shares)


def test_only_short_runs_are_trained_ahead():
    short, long = asked(epochs=100)[0], runs.Request(DATA, Config((256, 256), epochs=20_000))
    (task,) = runs.tasks([short, long])
    assert task.args == ([short],)


def test_a_killed_worker_costs_nothing_but_time(recorded, monkeypatch):
    victims = sorted(processes())[:1]

    def kill(share):
        if share > 0.1 and victims:
            os.kill(victims.pop(), signal.SIGKILL)

    there = runs.train(asked(epochs=3000), kill)
    assert not victims
    monkeypatch.undo()
    here = [request.work()() for request in asked(epochs=3000)]
    assert list(map(pickle.dumps, there)) == list(map(pickle.dumps, here))


def test_a_run_survives_the_click_of_another_session(recorded):
    requests, shares = asked(epochs=5000)[-1:], []
    with ThreadPoolExecutor() as session:
        other = session.submit(partial(runs.train, requests, shares.append))
        while not shares:
            sleep(0.01)
        with pytest.raises(Click):
            runs.train(requests, after(0.0))
        assert other.result(PATIENT)[0].history.stopped_epoch == 5000
    assert len(recorded.futures) == 1


def test_a_moved_end_trains_nothing(recorded, monkeypatch):
    """Fewer epochs, or another rule of early stopping: all is read from the run that is there."""
    calls = []

    def job(pool, work):
        calls.append(work.func)
        return Job(pool, work)

    monkeypatch.setattr(runs, "Job", job)
    (run,) = runs.train(asked(epochs=400)[:1], quiet)
    for change in ({"epochs": 120}, {"patience": 3}, {"patience": 90, "min_delta": 0.01}):
        config = run.config.but(**change)
        (short,) = runs.train([runs.Request(DATA, config)], quiet)
        alone = fit(split_of(DATA), config)
        assert all((a == b).all() for a, b in zip(short.params, alone.params, strict=True))
        assert short.history.columns().keys() == alone.history.columns().keys()
        assert short.history.stop_reason == alone.history.stop_reason
    (long,) = runs.train([runs.Request(DATA, run.config.but(epochs=500))], quiet)
    assert calls == [fit, lengthened]
    alone = fit(split_of(DATA), long.config)
    assert all((a == b).all() for a, b in zip(long.params, alone.params, strict=True))


def test_a_network_too_large_for_checkpoints_is_trained_as_asked(recorded):
    config = Config((256, 256), epochs=3, patience=1)
    request = runs.Request(DATA, config)
    assert request.whole() == request
    (run,) = runs.train([request], quiet)
    assert not run.checkpoints
