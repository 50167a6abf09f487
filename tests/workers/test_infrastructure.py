"""The machine lacks a resource: a sentence says so and training goes on, until it is back."""

import errno
import os
from concurrent.futures import BrokenExecutor, Future
from threading import active_count
from time import sleep
from types import SimpleNamespace

import pytest

from regcore.experiments.parallel import Job, Stopped, collect
from tests.support.apps import header, opened
from tests.workers.support import PATIENT, failing, full, wait_until
from ui.training import runs
from ui.training.cache import Cache
from ui.training.trouble import KILLED, NO_MEMORY, in_words
from workers import faults, pool, processes, temporary, trouble
from workers.faults import MEANWHILE, fault
from workers.processes import ProcessExecutor

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("fresh")]


class Working:
    """A pool that works, without processes."""

    def fault(self, error):
        return ""

    def __init__(self, size):
        self.size = size

    def submit(self, call):
        future = Future()
        future.set_result(("pool", call()))
        return future

    def shutdown(self, **_):
        pass


LACKS = {
    "a folder for semaphores": (OSError(errno.EROFS, "Read-only file system"), "Read-only file"),
    "disk space": (OSError(errno.ENOSPC, "No space left on device"), "No space left"),
    "descriptors": (OSError(errno.EMFILE, "Too many open files"), "Too many open files"),
    "processes": (BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable"), "Resource"),
    "threads": (RuntimeError("can't start new thread"), "no thread is left"),
    "semaphores": (NotImplementedError("sem_open"), "does not say why"),
}


@pytest.mark.parametrize("lack", LACKS)
def test_without_a_pool_tasks_run_in_this_process(monkeypatch, lack):
    error, reason = LACKS[lack]
    monkeypatch.setattr(processes, "Pool", failing(error))
    assert ProcessExecutor(2).submit(os.getpid).result(PATIENT) == os.getpid()
    assert reason in trouble()
    assert trouble().endswith(MEANWHILE)
    monkeypatch.setattr(processes, "Pool", Working)
    wait_until(lambda: trouble() == "")
    assert ProcessExecutor(2).submit(int, "7").result(PATIENT) == ("pool", 7)


def test_the_reason_comes_from_the_original_error():
    try:
        try:
            raise OSError(errno.EMFILE, "Too many open files")
        except OSError:
            raise UnboundLocalError("child_r") from None
    except UnboundLocalError as error:
        assert faults.reason(error) == "Too many open files"


def test_in_process_tasks_run_one_at_a_time(monkeypatch):
    monkeypatch.setattr(processes, "Pool", failing(OSError(errno.EROFS, "Read-only file system")))
    at_work, counts, threads = [], [], active_count()

    def task():
        at_work.append(1)
        counts.append((len(at_work), active_count()))
        sleep(0.01)
        at_work.pop()

    for future in [ProcessExecutor(2).submit(task) for _ in range(30)]:
        future.result(PATIENT)
    assert max(counts)[0] == 1
    assert max(count for _, count in counts) <= threads + 3


def until_stopped(watch):
    watch(1, 2)
    while True:
        watch(1, 2)
        sleep(0.005)


class Click(Exception):
    pass


@pytest.mark.parametrize("folder", [True, False], ids=["a folder", "no folder"])
def test_a_click_stops_in_process_jobs_that_report_progress(monkeypatch, folder):
    monkeypatch.setattr(processes, "Pool", failing(OSError(errno.EROFS, "Read-only file system")))
    if not folder:
        monkeypatch.setattr(temporary.tempfile, "gettempdir", no_folder)
    made = []

    def start(key):
        made.append(Job(ProcessExecutor(2), until_stopped))
        return made[-1]

    def report(share):
        if share == 0.25:  # half of the first of two jobs
            raise Click

    with pytest.raises(Click):
        Cache(10**6).get_all([1, 2], start, report, ProcessExecutor(2))
    wait_until(lambda: all(job.future.done() for job in made))
    assert [type(job.future.cancelled() or job.future.exception()) for job in made] == [
        Stopped,
        bool,
    ]
    assert ProcessExecutor(2).submit(int, "1").result(PATIENT) == 1


def no_folder():
    raise FileNotFoundError(errno.ENOENT, "No usable temporary directory outcomes in ['/secret']")


def test_a_missing_temporary_folder_is_reported_without_its_path(monkeypatch):
    assert trouble() == ""
    monkeypatch.setattr(temporary.tempfile, "gettempdir", no_folder)
    monkeypatch.setattr(temporary.tempfile, "TemporaryFile", no_folder)
    assert "cannot be written (there is none). Pages and training work" in trouble()
    outcomes = {}
    for _ in collect(outcomes, [(3, lambda watch: 9)], ProcessExecutor(2), lambda done: None):
        pass
    assert outcomes == {3: 9}


def test_a_full_temporary_folder_is_reported(monkeypatch):
    monkeypatch.setattr(temporary.tempfile, "TemporaryFile", full)
    assert "cannot be written (No space left on device)" in trouble()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (BrokenExecutor("killed"), KILLED),
        (MemoryError(), NO_MEMORY),
        (OSError(errno.EMFILE, "Too many open files"), "(Too many open files)"),
        (RuntimeError("can't start new thread"), "no thread left"),
    ],
)
def test_a_page_reports_why_a_run_failed_in_one_sentence(monkeypatch, error, words):
    def prevented(*_):
        raise error

    assert words in in_words(error)
    monkeypatch.setattr(runs, "_trained", prevented)
    app = opened("pages/2_L2.py")
    assert [box.value for box in app.error] == [in_words(error)]
    assert not set(header(app)) - {"…"}


@pytest.mark.parametrize("error", [RuntimeError("no"), ValueError("no"), KeyError("no")])
def test_an_error_in_the_code_is_not_blamed_on_the_machine(error):
    assert in_words(error) == ""


def test_the_menu_shows_a_fault_until_it_ends_a_toast_once():
    fault.tell("It broke.", ProcessExecutor(2), OSError())
    fault._next_try = float("inf")
    app = opened("pages/6_Exercises.py")
    for toasts in (1, 0):
        assert [box.value for box in app.sidebar.warning] == [f"It broke. {MEANWHILE}"]
        assert len(app.toast) == toasts
        app.run()
    fault.clear()
    app.run()
    assert not app.sidebar.warning


def test_a_worker_is_killed_after_ten_silent_looks(monkeypatch):
    killed = []
    monkeypatch.setattr(pool, "_kill", killed.append)
    made = object.__new__(pool.Pool)
    made._silent, made._stood_still = {}, False
    made._executor = SimpleNamespace(_processes={7: None, 8: None})
    made._look({7, 8})
    for _ in range(pool.SILENT_LOOKS - 1):
        made._look({7})
    assert killed == []
    made._look({7})
    assert killed == [8]
    assert made.fault(BrokenExecutor()) == pool.STOOD_STILL


def test_a_starting_worker_may_be_silent_for_longer(monkeypatch):
    killed = []
    monkeypatch.setattr(pool, "_kill", killed.append)
    made = object.__new__(pool.Pool)
    made._silent, made._executor = {}, SimpleNamespace(_processes={7: None})
    for _ in range(pool.START_LOOKS):
        made._look(set())
    assert killed == []
