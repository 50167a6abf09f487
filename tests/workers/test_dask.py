"""The cluster executor on Dask itself: no task is lost, whichever process ends, and whenever.

Needs `pip install -r deploy/requirements-cluster.txt`.
"""

import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import Lock, active_count
from time import perf_counter, sleep

import pytest

from regcore import Config
from regcore.experiments.study import Plan, run_study
from tests.benchmarks.load.program import free_port
from tests.support import ROOT
from tests.support.executors import pool
from tests.support.helpers import diabetes
from workers import cluster, dask_client, executor, trouble
from workers.cluster import UNREACHABLE, VARIABLE, Cluster
from workers.dask_client import DaskClient

pytest.importorskip("distributed", reason="needs deploy/requirements-cluster.txt")
pytestmark = pytest.mark.slow

PATIENT = 60.0


def end(process, how=signal.SIGKILL):
    os.killpg(process.pid, how)


@contextmanager
def running(*command):
    """Run a Dask process and kill it afterwards."""
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    started = [sys.executable, "-m", "distributed.cli." + command[0], *command[1:]]
    process = subprocess.Popen(started, env=env, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            end(process)
        process.wait()


def a_scheduler(address):
    host, port = address.removeprefix("tcp://").split(":")
    return running("dask_scheduler", "--host", host, "--port", port, "--no-dashboard")


def a_worker(address):
    return running("dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard")


def wait_until(is_so):
    latest = perf_counter() + PATIENT
    while not is_so():
        assert perf_counter() < latest
        sleep(0.2)


@pytest.fixture
def dask(monkeypatch):
    """A scheduler, and two workers with one thread each."""
    address = f"tcp://127.0.0.1:{free_port()}"
    with ExitStack() as stack:
        scheduler = stack.enter_context(a_scheduler(address))
        workers = [stack.enter_context(a_worker(address)) for _ in range(2)]
        monkeypatch.setenv(VARIABLE, address)
        monkeypatch.setattr(cluster, "RETRY_SECONDS", 0.0)
        wait_until(lambda: isinstance(there := executor(), Cluster) and there.size == 2)
        yield scheduler, workers


PLAN = Plan((Config(epochs=200), Config(epochs=200, l2=0.05)), repeats=100)  # 200 runs


def assert_all_there(study):
    *_, alone = run_study(diabetes(), PLAN)
    assert len(study) == PLAN.repeats
    for place in range(2):
        assert (study.scores(place, "test_loss") == alone.scores(place, "test_loss")).all()


@pytest.mark.parametrize("victim", ["worker", "scheduler"])
def test_losing_a_dask_process_during_a_study_costs_only_time(dask, victim):
    (scheduler, workers), outcomes, killed = dask, {}, []

    def kill(_share):
        if len(outcomes) >= 40 and not killed:
            killed.append(scheduler if victim == "scheduler" else workers[0])
            end(killed[0])

    *_, study = run_study(diabetes(), PLAN, executor(), kill, outcomes)
    assert killed
    assert_all_there(study)
    assert trouble() == (UNREACHABLE if victim == "scheduler" else "")
    assert pool().submit(int, "1").result(PATIENT) == 1


def test_results_in_transit_when_the_scheduler_dies_arrive(dask):
    scheduler, _ = dask
    many = [executor().submit(bytes, 10**6 + n) for n in range(300)]
    many[30].result(PATIENT)
    end(scheduler)
    assert [len(future.result(PATIENT)) for future in many] == [10**6 + n for n in range(300)]


@pytest.mark.parametrize("lost", ["scheduler killed", "scheduler hangs", "workers killed"])
def test_abandoned_tasks_run_locally(dask, monkeypatch, lost):
    (scheduler, workers), there = dask, executor()
    monkeypatch.setattr(dask_client, "SILENCE_SECONDS", 2.0)
    for process in workers if lost == "workers killed" else [scheduler]:
        end(process, signal.SIGSTOP if lost == "scheduler hangs" else signal.SIGKILL)
    assert there.submit(int, "7").result(PATIENT) == 7
    assert trouble() == UNREACHABLE


def test_a_restarted_scheduler_is_used_again(dask):
    scheduler, _ = dask
    end(scheduler)
    wait_until(lambda: not isinstance(executor(), Cluster))
    assert trouble() == UNREACHABLE
    with a_scheduler(os.environ[VARIABLE]), a_worker(os.environ[VARIABLE]):
        wait_until(lambda: isinstance(executor(), Cluster))
        assert executor().submit(int, "7").result(PATIENT) == 7
        assert trouble() == ""


@pytest.fixture
def client(dask):
    """The `distributed.Client` behind the connection."""
    return cluster.link(os.environ[VARIABLE])._client._dask


def test_a_task_runs_locally_if_its_result_cannot_be_fetched(client, monkeypatch):
    async def cut(*_):
        raise OSError("Stream is closed")

    monkeypatch.setattr(client, "_gather_remote", cut)
    assert executor().submit(int, "7").result(PATIENT) == 7
    assert trouble() == UNREACHABLE


def test_tasks_submitted_while_the_client_closes_run_locally(client, monkeypatch):
    there = executor()
    with monkeypatch.context() as moment:
        moment.setattr(client, "status", "closing")
        assert there.submit(int, "7").result(PATIENT) == 7


def test_the_cluster_forgets_cancelled_tasks(client):
    there = executor()
    kept, unwanted = there.submit(sleep, 1.0), [there.submit(sleep, 600.0 + n) for n in range(5)]
    assert all(future.cancel() and future.cancelled() for future in unwanted)
    assert kept.result(PATIENT) is None
    wait_until(lambda: not client.futures)
    assert there.submit(int, "7").result(PATIENT) == 7


def test_errors_of_a_task_arrive_unchanged(dask):
    with pytest.raises(ValueError, match="invalid literal"):
        executor().submit(int, "seven").result(PATIENT)
    with pytest.raises(TypeError, match="serialize"):
        executor().submit(len, Lock()).result(PATIENT)
    assert trouble() == ""


def stay_silent(_server):
    """Stay silent; the operating system accepts the connection nevertheless."""


def answer_like_a_web_server(server):
    with server.accept()[0] as visitor:
        visitor.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" + b"x" * 200)


@pytest.mark.parametrize("behave", [stay_silent, answer_like_a_web_server])
def test_another_server_at_the_address_costs_only_a_moment(monkeypatch, behave):
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(1) as beside:
        monkeypatch.setenv(VARIABLE, f"tcp://127.0.0.1:{server.getsockname()[1]}")
        beside.submit(behave, server)
        assert not isinstance(executor(), Cluster)
        assert trouble() == UNREACHABLE


def test_connections_that_fail_leave_no_threads_behind(dask, monkeypatch):
    monkeypatch.setattr(dask_client, "CONNECT_SECONDS", 0.5)

    def failed():
        with pytest.raises(OSError, match=r"tcp://127\.0\.0\.1:9"):
            DaskClient("tcp://127.0.0.1:9")

    failed()
    before = active_count()
    for _ in range(3):
        failed()
    assert active_count() <= before
