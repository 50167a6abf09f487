"""The pool of processes: its size, the cost of a killed worker, and how it ends."""

import os
import signal
import subprocess
import sys
from concurrent.futures import BrokenExecutor, wait
from contextlib import closing
from pathlib import Path
from threading import Thread
from time import perf_counter, sleep

import pytest
from loky import cpu_count
from threadpoolctl import threadpool_info

import workers
from regcore import Config
from regcore.experiments.study import Plan, run_study
from tests.support import ROOT
from tests.support.executors import Recorded, pool
from tests.support.helpers import diabetes
from tests.workers.support import PATIENT, processes, wait_until
from workers import VARIABLE, executor, warm
from workers.in_process import InProcess, in_process

pytestmark = pytest.mark.slow

ENDLESS = Config(epochs=100_000)  # takes about seven seconds


@pytest.mark.parametrize(
    ("asked", "size"), [("", cpu_count()), ("3", 3), (" 2 ", 2), ("0", 1), ("60", 60)]
)
def test_the_environment_sets_the_number_of_workers(monkeypatch, asked, size):
    monkeypatch.setenv(VARIABLE, asked)
    assert executor().size == size


@pytest.mark.parametrize("asked", ["-1", "61", "2.0", "two", "²", "1e9", "9" * 5000])
def test_an_invalid_number_is_refused_in_a_sentence(monkeypatch, asked):
    monkeypatch.setenv(VARIABLE, asked)
    with pytest.raises(ValueError, match=r"^REGLAB_WORKERS is .*a whole number from 0 to 60\.$"):
        executor()


def test_a_worker_is_another_process_with_one_blas_thread():
    assert os.getpid() not in processes()
    assert len(processes()) == 2
    libraries = pool().submit(threadpool_info).result(PATIENT)
    blas = [library for library in libraries if library["user_api"] == "blas"]
    assert {library["num_threads"] for library in blas} == {1}


def test_in_process_has_one_blas_thread_too():
    InProcess()
    blas = [library for library in threadpool_info() if library["user_api"] == "blas"]
    assert {library["num_threads"] for library in blas} == {1}


def test_an_error_in_a_task_reaches_the_caller():
    with pytest.raises(ValueError, match="invalid literal"):
        pool().submit(int, "one").result(PATIENT)
    assert pool().submit(int, "1").result(PATIENT) == 1


def test_study_tasks_can_be_cancelled():
    tasks = [pool().submit(sleep, 0.05) for _ in range(20)]
    cancelled = [task for task in tasks if task.cancel()]
    assert len(cancelled) >= 10
    assert tasks[-1].cancelled()
    wait(tasks, PATIENT)
    assert all(task.result() is None for task in tasks if task not in cancelled)


def test_a_killed_worker_costs_a_study_only_time():
    plan = Plan((Config(epochs=1000), Config(epochs=1000, l2=0.05)), repeats=4)
    victims, outcomes = sorted(processes()), {}

    def kill_one(_):
        if len(outcomes) >= 3 and len(victims) == 2:
            os.kill(victims.pop(), signal.SIGKILL)

    *_, study = run_study(diabetes(), plan, pool(), kill_one, outcomes)
    *_, alone = run_study(diabetes(), plan)
    assert len(victims) == 1
    assert victims[0] not in processes()  # the other worker ended with its pool
    assert len(study) == 4
    for place in range(2):
        assert (study.scores(place, "test_loss") == alone.scores(place, "test_loss")).all()


def test_only_the_task_that_kills_workers_fails():
    killer = pool().submit(os._exit, 1)
    beside = [pool().submit(sleep, 0.2) for _ in range(3)]
    with pytest.raises(BrokenExecutor):
        killer.result(PATIENT)
    assert [task.result(PATIENT) for task in beside] == [None] * 3
    assert pool().submit(int, "1").result(PATIENT) == 1


class Click(Exception):
    pass


def test_stopping_half_way_ends_all_work_and_keeps_results():
    recorded, outcomes, finished = Recorded(pool()), {}, []
    plan = Plan((Config(epochs=20), ENDLESS), repeats=10)
    processes()  # starts the workers

    def click(_):
        if outcomes:
            finished.extend(future for future in recorded.futures if future.done())
            raise Click

    with pytest.raises(Click):
        list(run_study(diabetes(), plan, recorded, click, outcomes))
    start = perf_counter()
    wait(recorded.futures, PATIENT)
    assert perf_counter() - start < 2.0  # an ENDLESS run was under way and would take seven
    assert 1 <= len(finished) <= len(outcomes) < len(recorded.futures)


def test_stopping_one_study_does_not_stop_another():
    plan = Plan((Config(epochs=300), Config(epochs=300, l2=0.05)), repeats=8)
    studies = []
    other = Thread(target=lambda: studies.extend(run_study(diabetes(), plan, pool())))
    other.start()
    for _ in range(5):
        with closing(run_study(diabetes(), Plan((Config(epochs=400),)), pool())) as stopped:
            next(stopped)
    other.join(PATIENT)
    *_, alone = run_study(diabetes(), plan)
    assert len(studies[-1]) == 8
    assert (studies[-1].scores(1, "gap") == alone.scores(1, "gap")).all()


on_linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
SCRIPT = """
import os
from regcore import Config, load_diabetes
from regcore import Plan, run_study
from workers.processes import ProcessExecutor

pool = ProcessExecutor(2)
studies = run_study(load_diabetes(), Plan((Config(),), repeats=100), pool)
next(studies)
print(*{pool.submit(os.getpid).result() for _ in range(20)}, flush=True)
"""


@on_linux
def test_workers_end_with_the_program_and_print_nothing():
    run = [sys.executable, "-W", "error", "-c", SCRIPT]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=PATIENT)
    assert (done.returncode, done.stderr) == (0, "")
    assert all_gone(done.stdout.split())


@on_linux
def test_workers_end_when_the_program_is_killed():
    run = [sys.executable, "-c", SCRIPT + "import signal; os.kill(os.getpid(), signal.SIGKILL)"]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=PATIENT)
    assert done.returncode == -signal.SIGKILL
    assert all_gone(done.stdout.split())


def all_gone(pids: list[str]) -> bool:
    """Return whether these processes end within ten seconds."""
    end = perf_counter() + 10.0
    while any(map(runs, pids)) and perf_counter() < end:
        sleep(0.05)
    return bool(pids) and not any(map(runs, pids))


def runs(pid: str) -> bool:
    # a zombie has ended, too: in a container, its parent may never reap it
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_warm_processes_have_imported_a_module(monkeypatch):
    monkeypatch.setattr(workers, "_here", pool)
    warm("sched")
    wait_until(lambda: "sched" in pool().submit(_imported).result(PATIENT))


@pytest.mark.parametrize("asked", ["0", "many"])
def test_nothing_is_warmed_without_processes(monkeypatch, asked):
    monkeypatch.setenv(VARIABLE, asked)
    monkeypatch.setattr(in_process(), "submit", None)
    warm("sched")


def _imported() -> set[str]:
    return set(sys.modules)
