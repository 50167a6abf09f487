"""The cluster executor: tasks survive its loss, pages report it, and work goes on locally.

These tests use a fake client; `test_dask.py` uses Dask itself.
"""

import os
import re
import socket
import subprocess
import sys
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from time import sleep

import pytest

from regcore.experiments.parallel import collect
from tests.support import ROOT
from tests.support.apps import opened
from workers import cluster
from workers.cluster import UNREACHABLE, VARIABLE, Link, scheduler
from workers.dask_client import DaskClient

pytestmark = pytest.mark.slow

PATIENT = 60.0

SQUARES = {n: n * n for n in range(20)}


def square(n, watch):
    return n * n


class FakeClient:
    """Behaves as DaskClient does: when its scheduler is gone, it cancels all futures."""

    def __init__(self, size=3):
        self.alive, self.futures, self.held, self._size = True, [], [], size

    def is_connected(self):
        return self.alive

    def size(self):
        return self._size

    def submit(self, call):
        future = Future()
        if not self.alive:
            future.cancel()
            return future
        self.held.append((future, call))
        self.futures.append(future)
        return future

    def work(self, *_):
        if self.held:
            future, call = self.held.pop()
            future.set_result(call())

    def lose(self):
        self.alive = False
        for future, _ in self.held:
            future.cancel()


TASKS = [(n, partial(square, n)) for n in range(20)]


@pytest.fixture
def local():
    with ThreadPoolExecutor(1) as executor:
        executor.size = 1
        yield executor


def test_tasks_run_on_the_cluster(local):
    client, outcomes = FakeClient(), {}
    link = Link(lambda: client)
    there = link.executor(local)
    assert there.size == 3
    for _ in collect(outcomes, TASKS, there, client.work):
        pass
    assert outcomes == SQUARES
    assert len(client.futures) == 20
    assert link.trouble == ""


def test_losing_the_scheduler_costs_only_time_and_is_reported(local):
    client, outcomes, done = FakeClient(), {}, []
    link = Link(lambda: client)

    def report(count):
        done.append(count)
        if count < 5:
            client.work()
        elif client.alive:
            client.lose()

    for _ in collect(outcomes, TASKS, link.executor(local), report):
        pass
    assert outcomes == SQUARES
    assert len(client.futures) < 20
    assert link.trouble == UNREACHABLE
    assert link.executor(local) is local


def test_a_cancelled_task_does_not_start_again_locally(local):
    client = FakeClient()
    future = Link(lambda: client).executor(local).submit(os._exit, 1)
    assert future.cancel()
    assert future.cancelled()
    assert client.futures[0].cancelled()


def test_a_task_cancelled_while_it_moves_here_ends():
    client, handed_out, answers = FakeClient(), [], []

    class Slow(Executor):
        size = 1

        def submit(self, call):
            answers.append(task.cancel())  # in the app, a thread of a page does this
            handed_out.append(Future())
            return handed_out[0]

    task = Link(lambda: client).executor(Slow()).submit(int, "1")
    client.lose()
    assert answers == [False]  # so that the caller signals the job, too
    assert handed_out[0].cancelled()
    assert task.cancelled()


def test_a_task_that_raises_is_not_retried_locally(local):
    client = FakeClient()
    future = Link(lambda: client).executor(local).submit(int, "one")
    client.futures[0].set_exception(ValueError("invalid literal"))
    with pytest.raises(ValueError, match="invalid literal"):
        future.result(1)


def test_an_unreachable_scheduler_is_tried_again_later(local, monkeypatch):
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


def test_a_cluster_without_workers_is_not_used(local):
    link = Link(lambda: FakeClient(size=0))
    assert link.executor(local) is local
    assert link.trouble == UNREACHABLE


def test_only_one_thread_waits_for_the_connection(local):
    link = Link(lambda: sleep(0.5) or FakeClient())
    with ThreadPoolExecutor(5) as sessions:
        executors = list(sessions.map(lambda _: link.executor(local), range(5)))
    assert sum(executor is local for executor in executors) == 4


@pytest.mark.parametrize("asked", ["tcp://host", "host:8786", "http://host:1", "tcp://a:1 b", "☃"])
def test_an_invalid_address_is_refused_in_a_sentence(monkeypatch, asked):
    monkeypatch.setenv(VARIABLE, asked)
    with pytest.raises(ValueError, match=r"^REGLAB_SCHEDULER is .*like tcp://host:8786\.$"):
        scheduler()


def test_without_the_variable_dask_is_not_imported():
    program = (
        "import sys; from workers import executor, trouble; "
        "from workers.processes import ProcessExecutor; "
        "assert isinstance(executor(), ProcessExecutor) and not trouble(); "
        "sys.exit('distributed' in sys.modules)"
    )
    env = {name: value for name, value in os.environ.items() if not name.startswith("REGLAB_")}
    subprocess.run([sys.executable, "-c", program], env=env, cwd=ROOT, check=True)


def test_a_page_reports_once_that_the_cluster_is_lost(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.setenv(VARIABLE, f"tcp://127.0.0.1:{port}")
    cluster.link(scheduler()).executor(None)
    app = opened("pages/6_Exercises.py")
    assert [toast.value for toast in app.toast] == [UNREACHABLE]
    app.run()
    assert not app.toast
    assert not app.exception


def test_the_log_says_that_dask_is_not_installed(local, monkeypatch, caplog):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert Link(lambda: DaskClient("tcp://localhost:1")).executor(local) is local
    assert re.search("REGLAB_SCHEDULER: no cluster. .*distributed", caplog.text)
