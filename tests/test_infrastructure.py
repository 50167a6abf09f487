"""What the machine may lack: a sentence says so, training goes on, and both end with the cause."""

import errno
import json
import os
import signal
import subprocess
import sys
from concurrent.futures import BrokenExecutor, Future
from threading import active_count
from time import perf_counter, sleep
from types import SimpleNamespace

import numpy as np
import pytest
from apps import ROOT, header, opened

from regcore import jobs, pool, temporary, workers
from regcore.tasks import Stopped, fill
from regcore.workers import MEANWHILE, Workers, trouble
from ui import runs
from ui.store import Store
from ui.trouble import KILLED, NO_MEMORY, in_words

PATIENT = 60.0


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """No pool and no trouble from before; a second try comes soon."""
    monkeypatch.setattr(workers, "_pools", {})
    monkeypatch.setattr(workers, "_fault", workers._Fault())
    monkeypatch.setattr(workers, "RETRY_SECONDS", 0.3)
    yield
    workers._fault.clear()
    for made in workers._pools.values():
        made.shutdown(wait=True, kill_workers=True)


def wait_until(true) -> None:
    end = perf_counter() + PATIENT
    while not true():
        assert perf_counter() < end, "in vain"
        sleep(0.02)


class Working:
    """A pool that works, without processes."""

    fault = ""

    def __init__(self, size):
        self.size = size

    def submit(self, call):
        future = Future()
        future.set_result(("pool", call()))
        return future

    def shutdown(self, **_):
        pass


def failing(error):
    def make(size):
        raise error

    return make


LACKS = {
    "a folder for semaphores": (OSError(errno.EROFS, "Read-only file system"), "Read-only file"),
    "room on the disk": (OSError(errno.ENOSPC, "No space left on device"), "No space left"),
    "descriptors": (OSError(errno.EMFILE, "Too many open files"), "Too many open files"),
    "processes": (BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable"), "Resource"),
    "threads": (RuntimeError("can't start new thread"), "no thread is left"),
    "semaphores": (NotImplementedError("sem_open"), "does not say why"),
}


@pytest.mark.parametrize("lack", LACKS)
def test_without_a_pool_work_goes_on_here_until_there_is_one(monkeypatch, lack):
    error, reason = LACKS[lack]
    monkeypatch.setattr(workers, "Pool", failing(error))
    assert Workers(2).submit(os.getpid).result(PATIENT) == os.getpid()
    assert reason in trouble()
    assert trouble().endswith(MEANWHILE)
    monkeypatch.setattr(workers, "Pool", Working)
    wait_until(lambda: trouble() == "")
    assert Workers(2).submit(int, "7").result(PATIENT) == ("pool", 7)


def test_a_reason_is_found_below_the_error_that_came_of_it():
    try:
        try:
            raise OSError(errno.EMFILE, "Too many open files")
        except OSError:
            raise UnboundLocalError("child_r") from None
    except UnboundLocalError as error:
        assert workers._reason(error) == "Too many open files"


def test_here_one_works_at_a_time_however_many_ask(monkeypatch):
    monkeypatch.setattr(workers, "Pool", failing(OSError(errno.EROFS, "Read-only file system")))
    at_work, most, threads = [], [], active_count()

    def task():
        at_work.append(1)
        most.append((len(at_work), active_count()))
        sleep(0.01)
        at_work.pop()

    for future in [Workers(2).submit(task) for _ in range(30)]:
        future.result(PATIENT)
    assert max(most)[0] == 1
    assert max(count for _, count in most) <= threads + 3


def until_stopped(_task, watch):
    watch(1, 2)
    while True:
        watch(1, 2)
        sleep(0.005)


class Click(Exception):
    pass


@pytest.mark.parametrize("folder", [True, False], ids=["a folder", "no folder"])
def test_a_click_ends_what_is_at_work_here_and_its_progress_is_seen(monkeypatch, folder):
    monkeypatch.setattr(workers, "Pool", failing(OSError(errno.EROFS, "Read-only file system")))
    if not folder:
        monkeypatch.setattr(temporary.tempfile, "gettempdir", no_folder)
    made = []

    def start(key):
        made.append(jobs.Job(Workers(2), until_stopped, key))
        return made[-1]

    def report(share):
        if share == 0.25:  # half of the first of two
            raise Click

    with pytest.raises(Click):
        Store(10**6).get_all([1, 2], start, report, 3)
    wait_until(lambda: all(job.future.done() for job in made))
    assert [type(job.future.cancelled() or job.future.exception()) for job in made] == [
        Stopped,
        bool,
    ]
    assert Workers(2).submit(int, "1").result(PATIENT) == 1


def no_folder():
    raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/secret']")


def test_without_a_folder_there_is_a_sentence_that_names_none_of_the_servers(monkeypatch):
    assert trouble() == ""
    monkeypatch.setattr(temporary.tempfile, "gettempdir", no_folder)
    monkeypatch.setattr(temporary.tempfile, "TemporaryFile", no_folder)
    assert "cannot be written (there is none). Pages and training work" in trouble()
    found = {}
    for _ in fill(found, lambda n, watch: n * n, [(3, 3)], Workers(2)):
        pass
    assert found == {3: 9}


def full(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_folder_is_told(monkeypatch):
    monkeypatch.setattr(temporary.tempfile, "TemporaryFile", full)
    assert "cannot be written (No space left on device)" in trouble()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (BrokenExecutor("killed"), KILLED),
        (MemoryError(), NO_MEMORY),
        (OSError(errno.EMFILE, "Too many open files"), "(Too many open files)"),
        (RuntimeError("can't start new thread"), "no thread left"),
    ],
)
def test_a_run_that_the_machine_prevents_is_one_sentence_on_the_page(monkeypatch, error, told):
    def prevented(*_):
        raise error

    assert told in in_words(error)
    monkeypatch.setattr(runs, "_trained", prevented)
    app = opened("pages/2_L2.py")
    assert [box.value for box in app.error] == [in_words(error)]
    assert not set(header(app)) - {"…"}


@pytest.mark.parametrize("error", [RuntimeError("no"), ValueError("no"), KeyError("no")])
def test_a_fault_of_the_code_is_not_blamed_on_the_machine(error):
    assert in_words(error) == ""


def test_the_menu_says_so_for_as_long_as_it_lasts_and_a_toast_once():
    workers._fault.tell("It broke.", Workers(2), OSError())
    workers._fault._next_try = float("inf")
    app = opened("pages/6_Exercises.py")
    for toasts in (1, 0):
        assert [box.value for box in app.sidebar.warning] == [f"It broke. {MEANWHILE}"]
        assert len(app.toast) == toasts
        app.run()
    workers._fault.clear()
    app.run()
    assert not app.sidebar.warning


def test_a_worker_is_silent_for_ten_looks_before_it_is_ended(monkeypatch):
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
    assert made.fault == pool.STOOD_STILL


def test_a_worker_that_starts_has_longer(monkeypatch):
    killed = []
    monkeypatch.setattr(pool, "_kill", killed.append)
    made = object.__new__(pool.Pool)
    made._silent, made._executor = {}, SimpleNamespace(_processes={7: None})
    for _ in range(pool.START_LOOKS):
        made._look(set())
    assert killed == []


@pytest.mark.skipif(os.name == "nt", reason="a number of a process says nothing there")
def test_only_what_dead_processes_left_is_cleared(tmp_path, monkeypatch):
    monkeypatch.setattr(temporary.tempfile, "tempdir", str(tmp_path))
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    here, dead, elsewhere = temporary._place(), done.pid, "0" * 8
    stale = [f"{kind}-{here}-{dead}-a1" for kind in temporary.KINDS]
    kept = [
        temporary.path("reglab-share").name,
        f"reglab-stop-{elsewhere}-{dead}-a1",  # another machine's, or a container's
        f"reglab-stop-{here}-{os.getppid()}-a1",
        f"reglab-other-{here}-{dead}-a1",
        f"reglab-stop-{here}-{dead}",
        "my-answer-of-mine",
    ]
    for name in [*stale, *kept]:
        if name.startswith("my-answer"):
            (tmp_path / name / "inside").mkdir(parents=True)
        else:
            (tmp_path / name).touch()
    link = tmp_path / f"my-answer-{here}-{dead}-link"
    link.symlink_to(tmp_path / "my-answer-of-mine", target_is_directory=True)
    temporary.clear()
    assert {entry.name for entry in tmp_path.iterdir()} == {*kept, link.name}
    assert (tmp_path / "my-answer-of-mine" / "inside").is_dir()


def test_what_cannot_be_traced_to_a_process_is_cleared_after_a_day(tmp_path, monkeypatch):
    monkeypatch.setattr(temporary.tempfile, "tempdir", str(tmp_path))
    old, new = (tmp_path / f"reglab-share-00000000-1-{name}" for name in ("old", "new"))
    for file in (old, new):
        file.touch()
    os.utime(old, (0, 0))
    temporary.clear()
    assert list(tmp_path.iterdir()) == [new]


slow = pytest.mark.slow
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="stops processes")


def slowly(n, watch):
    for _ in range(60):
        watch(1, 2)
        sleep(0.05)
    return np.full(3, n)


@slow
@on_linux
@pytest.mark.parametrize("stopped", [1, 2])
def test_work_of_workers_that_stand_still_is_done_all_the_same(monkeypatch, stopped):
    monkeypatch.setattr(pool, "SILENT_LOOKS", 3)
    two = Workers(2)
    wait_until(lambda: len({two.submit(os.getpid).result(PATIENT) for _ in range(30)}) == 2)
    pids = list(workers._pools[2]._executor._processes)
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


@slow
@on_linux
def test_workers_that_stop_for_a_moment_go_on(monkeypatch):
    monkeypatch.setattr(pool, "SILENT_LOOKS", 8)
    two = Workers(2)
    future = two.submit(slowly, 5, print_nothing)
    wait_until(lambda: two.submit(int, "1").result(PATIENT) == 1)
    pids = set(workers._pools[2]._executor._processes)
    for sign in (signal.SIGSTOP, signal.SIGCONT):
        for pid in pids:
            os.kill(pid, sign)
        sleep(2.5)
    assert future.result(PATIENT)[0] == 5
    assert set(workers._pools[2]._executor._processes) == pids
    assert trouble() == ""


@slow
def test_a_task_that_ends_every_worker_is_never_done_here():
    with pytest.raises(BrokenExecutor):
        Workers(2).submit(os._exit, 1).result(PATIENT)
    assert trouble() == ""
    assert Workers(2).submit(int, "1").result(PATIENT) == 1


@slow
def test_a_pool_whose_workers_end_at_once_is_given_up_and_not_its_task(monkeypatch):
    monkeypatch.setattr(pool, "_settle_in", os._exit)
    assert Workers(2).submit(os.getpid).result(PATIENT) == os.getpid()
    assert trouble() == f"{pool.ENDED_AT_ONCE} {MEANWHILE}"


@slow
def test_a_pool_that_has_lost_its_manager_gives_its_tasks_back(monkeypatch):
    from joblib.externals.loky.backend import queues

    def no_thread(self):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as lacking:
        lacking.setattr(queues.Queue, "_start_thread", no_thread)
        lacking.setattr("threading.excepthook", lambda _: None)
        assert Workers(2).submit(os.getpid).result(PATIENT) == os.getpid()
        assert trouble() == f"{pool.LOST_MANAGER} {MEANWHILE}"
    wait_until(lambda: trouble() == "")


SERVER = """
import os, signal
from regcore import jobs
from regcore.workers import Workers
from test_infrastructure import slowly
job = jobs.Job(Workers(2), slowly, 1)
while job.share == 0.0:
    pass
os.kill(os.getpid(), signal.SIGKILL)
"""


@slow
@on_linux
def test_a_server_that_is_killed_leaves_no_file_behind(tmp_path):
    env = os.environ | {"TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join((".", "tests"))}
    subprocess.run([sys.executable, "-c", SERVER], cwd=ROOT, env=env, timeout=PATIENT)
    clear = "from regcore import temporary; temporary.clear()"
    subprocess.run([sys.executable, "-c", clear], cwd=ROOT, env=env, check=True)
    sleep(2.5)  # the last worker has left
    assert list(tmp_path.glob("reglab-*")) == []


MOUNT = "for p in / /tmp /var/tmp; do mount --bind $p $p; mount -o remount,ro,bind $p; done"
SCENES = {  # name -> pages, what is taken away, how it is given back, what is told
    "no /dev/shm": (
        7,
        'run("mount -t tmpfs -o ro tmpfs /dev/shm")',
        'run("mount -o remount,rw /dev/shm")',
        "(Read-only file system). Training goes on inside the app",
    ),
    "a full /dev/shm": (
        2,
        'run("mount -t tmpfs -o size=256k tmpfs /dev/shm; head -c 256K /dev/zero >/dev/shm/full")',
        'run("rm /dev/shm/full")',
        "(No space left on device). Training goes on inside the app",
    ),
    "no writable folder": (
        7,
        f'run("{MOUNT}"); import os; os.chdir("/"); tempfile.tempdir = None',
        'run("mount -o remount,rw,bind /var/tmp; mount -o remount,rw,bind /tmp")',
        "(there is none). Pages and training work",
    ),
    "a full disk": (
        2,
        'run("mount -t tmpfs -o size=4k tmpfs /var/tmp; head -c 4K /dev/zero >/var/tmp/full");'
        'tempfile.tempdir = "/var/tmp"',
        'run("rm /var/tmp/full")',
        "(No space left on device). Pages and training work",
    ),
    "few descriptors": (
        2,
        "resource.setrlimit(resource.RLIMIT_NOFILE, (20, 1000))",
        "resource.setrlimit(resource.RLIMIT_NOFILE, (1000, 1000))",
        "(Too many open files). Training goes on inside the app",
    ),
    "few processes": (
        2,
        "import sklearn.neural_network; resource.setrlimit(resource.RLIMIT_NPROC, (12, 500))",
        "resource.setrlimit(resource.RLIMIT_NPROC, (500, 500))",
        "Training goes on inside the app",
    ),
}
FIGURES = [[], ["1.000", "0.719", "0.281"], ["0.786", "0.724", "0.062"]]
# an ordinary user, who may read this folder and Python wherever they are
ORDINARY = (
    *("setpriv", "--reuid", "12345", "--regid", "12345", "--clear-groups"),
    *("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"),
)


@slow
@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="root alone may take things away"
)
@pytest.mark.parametrize("scene", SCENES)
def test_every_page_opens_with_its_sentence_until_the_cause_is_gone(scene):
    pages, take, give, told = SCENES[scene]
    run = [sys.executable, "tests/infrastructure_child.py", str(pages), take, give]
    run = [*ORDINARY, *run] if "processes" in scene else ["unshare", "-m", *run]
    added = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "REGLAB_WORKERS": "2", "HOME": "/"}
    done = subprocess.run(
        run, cwd=ROOT, env=os.environ | added, capture_output=True, text=True, timeout=300
    )
    lacking, mended = map(json.loads, done.stdout.splitlines())
    for page in lacking:
        assert [told in sentence for sentence in page["menu"]] == [True]
        assert page["toast"] == page["menu"]
        assert page["error"] == []
    assert [page["header"] for page in lacking][:3] == FIGURES[: len(lacking)]
    assert mended == {"toast": [], "menu": [], "error": [], "header": []}
