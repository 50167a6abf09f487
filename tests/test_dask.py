"""Dask itself behind the futures: no task is lost, whatever ends and whenever it does.

Needs `pip install -r requirements-cluster.txt`.
"""

import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from time import perf_counter, sleep

import pytest
from executors import pool
from helpers import diabetes
from test_architecture import ROOT

from regcore import Config, cluster
from regcore.cluster import UNREACHABLE, VARIABLE
from regcore.study import Plan, run_study
from regcore.workers import trouble, workers

pytest.importorskip("distributed", reason="needs requirements-cluster.txt")
pytestmark = pytest.mark.slow

PATIENT = 60.0


@contextmanager
def running(*command):
    """A Dask process of this test, ended by it."""
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    started = [sys.executable, "-m", "distributed.cli." + command[0], *command[1:]]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(started, env=env, stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def dask(monkeypatch):
    """Address, scheduler and two workers of one thread each."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address, one = f"tcp://127.0.0.1:{port}", ("--nthreads", "1", "--no-nanny", "--no-dashboard")
    with ExitStack() as stack:
        main = ("dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
        boss = stack.enter_context(running(*main))
        both = [stack.enter_context(running("dask_worker", address, *one)) for _ in range(2)]
        monkeypatch.setenv(VARIABLE, address)
        monkeypatch.setattr(cluster, "RETRY_SECONDS", 0.0)
        end = perf_counter() + PATIENT
        while getattr(workers(), "_link", None) is None or workers().size < 2:
            assert perf_counter() < end
            sleep(0.2)
        yield boss, both


PLAN = Plan((Config(epochs=200), Config(epochs=200, l2=0.05)), repeats=100)  # 200 runs


def assert_all_there(study):
    *_, alone = run_study(diabetes(), PLAN)
    assert len(study) == PLAN.repeats
    for place in range(2):
        assert (study.scores(place, "test_loss") == alone.scores(place, "test_loss")).all()


@pytest.mark.parametrize("victim", ["worker", "scheduler"])
def test_dask_that_loses_a_process_in_the_middle_of_a_study_costs_only_time(dask, victim):
    (boss, both), outcomes, killed = dask, {}, []

    def kill(_share):
        if len(outcomes) >= 40 and not killed:
            killed.append(boss if victim == "scheduler" else both[0])
            os.killpg(killed[0].pid, signal.SIGKILL)

    *_, study = run_study(diabetes(), PLAN, workers(), kill, outcomes)
    assert killed
    assert_all_there(study)
    assert trouble() == (UNREACHABLE if victim == "scheduler" else "")
    assert pool().submit(int, "1").result(PATIENT) == 1


def test_results_that_were_on_their_way_when_the_scheduler_died_arrive(dask):
    boss, _ = dask
    many = [workers().submit(bytes, 10**6 + n) for n in range(300)]
    many[30].result(PATIENT)
    os.killpg(boss.pid, signal.SIGKILL)
    assert [len(future.result(PATIENT)) for future in many] == [10**6 + n for n in range(300)]


@pytest.fixture
def client(dask):
    """The `distributed.Client` behind the connection."""
    return cluster.link(os.environ[VARIABLE])._client._dask


def test_a_result_that_cannot_be_fetched_is_worked_out_here(client, monkeypatch):
    async def cut(*_):
        raise OSError("Stream is closed")

    monkeypatch.setattr(client, "_gather_remote", cut)
    assert workers().submit(int, "7").result(PATIENT) == 7
    assert trouble() == UNREACHABLE


def test_what_is_handed_over_while_the_client_closes_is_worked_out_here(client, monkeypatch):
    there = workers()
    monkeypatch.setattr(client, "_send_to_scheduler_safe", lambda message: None)
    monkeypatch.setattr(client, "status", "closing")
    assert there.submit(int, "7").result(PATIENT) == 7


def test_what_is_taken_back_is_forgotten_there(client):
    first, second = (workers().submit(sleep, 2.0 + n) for n in range(2))
    assert first.cancel()
    assert first.cancelled()
    assert second.result(PATIENT) is None
    end = perf_counter() + PATIENT
    while client.futures:
        assert perf_counter() < end
        sleep(0.1)
