"""Real pools that fail: their workers hang or end at once, or their manager thread is lost."""

import os
import signal
import sys
from concurrent.futures import BrokenExecutor
from time import sleep

import pytest

from tests.workers.support import PATIENT, slowly, wait_until
from workers import pool, processes, trouble
from workers.faults import MEANWHILE
from workers.processes import ProcessExecutor

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("fresh")]

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="stops processes")


@on_linux
@pytest.mark.parametrize("stopped", [1, 2])
def test_tasks_of_workers_that_hang_are_done_again(monkeypatch, stopped):
    monkeypatch.setattr(pool, "SILENT_LOOKS", 3)
    two = ProcessExecutor(2)
    wait_until(lambda: len({two.submit(os.getpid).result(PATIENT) for _ in range(30)}) == 2)
    pids = list(processes._pools[2]._executor._processes)
    futures = [two.submit(slowly, n, print_nothing) for n in range(4)]
    sleep(0.3)
    for pid in pids[:stopped]:
        os.kill(pid, signal.SIGSTOP)
    wait_until(trouble)
    assert trouble() == f"{pool.STOOD_STILL} {MEANWHILE}"
    assert [future.result(PATIENT)[0] for future in futures] == [0, 1, 2, 3]
    wait_until(lambda: trouble() == "")
    assert two.submit(os.getpid).result(PATIENT) not in (os.getpid(), *pids)


def print_nothing(*_):
    pass


@on_linux
def test_workers_that_stop_for_a_moment_are_kept(monkeypatch):
    monkeypatch.setattr(pool, "SILENT_LOOKS", 8)
    two = ProcessExecutor(2)
    future = two.submit(slowly, 5, print_nothing)
    wait_until(lambda: two.submit(int, "1").result(PATIENT) == 1)
    pids = set(processes._pools[2]._executor._processes)
    for sign in (signal.SIGSTOP, signal.SIGCONT):
        for pid in pids:
            os.kill(pid, sign)
        sleep(2.5)
    assert future.result(PATIENT)[0] == 5
    assert set(processes._pools[2]._executor._processes) == pids
    assert trouble() == ""


def test_a_task_that_ends_every_worker_never_runs_in_process():
    with pytest.raises(BrokenExecutor):
        ProcessExecutor(2).submit(os._exit, 1).result(PATIENT)
    assert trouble() == ""
    assert ProcessExecutor(2).submit(int, "1").result(PATIENT) == 1


def test_if_workers_end_at_once_the_task_runs_in_process(monkeypatch):
    monkeypatch.setattr(pool, "_settle_in", os._exit)
    assert ProcessExecutor(2).submit(os.getpid).result(PATIENT) == os.getpid()
    assert trouble() == f"{pool.ENDED_AT_ONCE} {MEANWHILE}"


def test_if_the_manager_thread_ends_tasks_run_in_process(monkeypatch):
    from loky.backend import queues

    def no_thread(self):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as lacking:
        lacking.setattr(queues.Queue, "_start_thread", no_thread)
        lacking.setattr("threading.excepthook", lambda _: None)
        assert ProcessExecutor(2).submit(os.getpid).result(PATIENT) == os.getpid()
        assert trouble() == f"{pool.LOST_MANAGER} {MEANWHILE}"
    wait_until(lambda: trouble() == "")
