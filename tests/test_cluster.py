"""A cluster behind the same futures: what its loss costs, what is said, and where work goes on.

Most of it uses a client made of threads; the last ones use Dask itself, where it is installed:
`pip install -r requirements-cluster.txt`.
"""

import importlib.util
import os
import re
import signal
import socket
import subprocess
import sys
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from time import perf_counter, sleep

import pytest
from apps import opened
from executors import pool
from helpers import diabetes
from test_architecture import ROOT

from regcore import Config, cluster
from regcore.cluster import UNREACHABLE, VARIABLE, Link, scheduler
from regcore.study import Plan, run_study
from regcore.tasks import fill
from regcore.workers import Workers, trouble, workers

pytestmark = pytest.mark.slow

PATIENT = 60.0
TASKS = [(n, n) for n in range(20)]
SQUARES = {n: n * n for n in range(20)}


def square(n, watch):
    return n * n


class FakeClient(Executor):
    """Behaves as Dask's client does: when its scheduler is gone, it cancels all futures."""

    def __init__(self):
        self.status, self.futures, self.held = "running", [], []

    def nthreads(self):
        return {"one": 1, "two": 2}

    def get_executor(self):
        return self

    def submit(self, fn, /, *args, **kwargs):
        if self.status != "running":
            raise RuntimeError("Tried sending message after closing.")
        self.held.append((Future(), fn))
        self.futures.append(self.held[-1][0])
        return self.futures[-1]

    def work(self, *_):
        if self.held:
            future, call = self.held.pop()
            future.set_result(call())

    def lose(self):
        self.status = "closed"
        for future, _ in self.held:
            future.cancel()


@pytest.fixture
def local():
    with ThreadPoolExecutor(1) as executor:
        executor.size = 1
        yield executor


def test_the_work_of_all_threads_is_done_on_the_cluster(local):
    client, found = FakeClient(), {}
    link = Link(lambda: client)
    there = link.executor(local)
    assert there.size == 3
    for _ in fill(found, square, TASKS, there, client.work):
        pass
    assert found == SQUARES
    assert len(client.futures) == 20
    assert link.trouble == ""


@pytest.mark.parametrize("own", [True, False], ids=["own workers", "no workers"])
def test_a_scheduler_that_is_lost_in_the_middle_costs_only_time_and_is_told(local, own):
    client, found, done = FakeClient(), {}, []
    link = Link(lambda: client)

    def report(count):
        done.append(count)
        if count < 5:
            client.work()
        elif client.status == "running":
            client.lose()

    for _ in fill(found, square, TASKS, link.executor(local if own else None), report):
        pass
    assert found == SQUARES
    assert len(client.futures) < 20
    assert link.trouble == UNREACHABLE
    assert link.executor(local) is local


def test_what_is_taken_back_does_not_begin_again_here(local):
    client = FakeClient()
    future = Link(lambda: client).executor(local).submit(os._exit, 1)
    assert future.cancel()
    assert future.cancelled()
    assert client.futures[0].cancelled()


def test_an_error_in_a_task_is_told_and_not_tried_again_here(local):
    client = FakeClient()
    future = Link(lambda: client).executor(local).submit(int, "one")
    client.futures[0].set_exception(ValueError("invalid literal"))
    with pytest.raises(ValueError, match="invalid literal"):
        future.result(1)


def test_a_scheduler_out_of_reach_is_tried_again_after_a_while(local, monkeypatch):
    tries, now = [], [1000.0]
    monkeypatch.setattr(cluster, "monotonic", lambda: now[0])
    client = FakeClient()

    def connect():
        tries.append(now[0])
        if len(tries) < 3:
            raise OSError("Timed out")
        return client

    link = Link(connect)
    for _ in range(3):
        assert link.executor(local) is local
    assert tries == [1000.0]
    assert link.trouble == UNREACHABLE
    now[0] += 61.0
    assert link.executor(local) is local
    now[0] += 61.0
    assert link.executor(local).size == 3
    assert link.trouble == ""
    client.lose()
    assert link.executor(local) is local
    assert len(tries) == 3


def test_a_cluster_without_workers_is_no_help(local):
    client = FakeClient()
    client.nthreads = dict
    link = Link(lambda: client)
    assert link.executor(local) is local
    assert link.trouble == UNREACHABLE


def test_only_one_waits_for_the_connection_and_the_others_go_on(local):
    link = Link(lambda: sleep(0.5) or FakeClient())
    with ThreadPoolExecutor(5) as sessions:
        found = list(sessions.map(lambda _: link.executor(local), range(5)))
    assert sum(executor is local for executor in found) == 4


@pytest.mark.parametrize("asked", ["tcp://host", "host:8786", "http://host:1", "tcp://a:1 b", "☃"])
def test_another_address_is_refused_in_a_sentence(monkeypatch, asked):
    monkeypatch.setenv(VARIABLE, asked)
    with pytest.raises(ValueError, match=r"^REGLAB_SCHEDULER is .*like tcp://host:8786\.$"):
        scheduler()


def test_without_the_variable_there_is_no_cluster_and_dask_is_not_imported(monkeypatch):
    for name in (VARIABLE, "REGLAB_WORKERS"):
        monkeypatch.delenv(name, raising=False)
    assert isinstance(workers(), Workers)
    assert trouble() == ""
    assert "distributed" not in sys.modules or dask_is_here


def test_a_page_says_once_that_the_cluster_is_lost_and_goes_on(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.setenv(VARIABLE, f"tcp://127.0.0.1:{port}")
    cluster.link(scheduler()).executor(None)
    app = opened("pages/6_Exercises.py")
    assert [toast.value for toast in app.toast] == [UNREACHABLE]
    app.run()
    assert not app.toast
    assert not app.exception


dask_is_here = importlib.util.find_spec("distributed") is not None
with_dask = pytest.mark.skipif(not dask_is_here, reason="needs requirements-cluster.txt")


def test_dask_that_is_not_installed_is_said_in_the_log(local, monkeypatch, caplog):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert Link(lambda: cluster._connect("tcp://localhost:1")).executor(local) is local
    assert re.search("REGLAB_SCHEDULER: no cluster. .*distributed", caplog.text)


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


@with_dask
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
