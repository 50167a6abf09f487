"""Landlock and seccomp keep a learner's code from outside files and other processes."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

import sandbox
from sandbox import landlock, process
from sandbox.process import Process
from tests.sandbox.other_user import ORDINARY, USERS, outcomes
from tests.sandbox.outside import READS, SECRET, WRITES, programs
from tests.support import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sandbox.held().files, reason="this system does not protect files"),
]
REACHING = """
import ctypes, os
L, app = ctypes.CDLL(None, use_errno=True), os.getppid()
zero = ctypes.byref(ctypes.c_int(0))
space = ctypes.create_string_buffer(120)
read, write = os.pipe()
def tried(name, result):
    if result != -1: print(name, result)
tried("group", L.kill(0, 0))  # signal 0 is harmless: another would end the test run, if not refused
tried("all processes", L.kill(-1, 0))
for signal in (0, 9, 19):
    tried("kill", L.kill(app, signal))
    tried("tkill", L.syscall(TKILL, app, signal))
    tried("tgkill", L.syscall(TGKILL, app, app, signal))
    tried("pidfd", L.syscall(424, L.syscall(434, app, 0), signal, 0, 0))
    tried("sigqueue", L.sigqueue(app, signal, 0))
    tried("owner", L.fcntl(write, 8, app))
    tried("owner, extended", L.fcntl(write, 15, zero))
    tried("signal", L.fcntl(write, 10, signal))
tried("owner, ioctl", L.ioctl(write, 0x8901, zero))
tried("lease", L.fcntl(read, 1024, 1))
for policy in (0, 3, 5):
    tried("scheduler", L.sched_setscheduler(app, policy, zero))
    tried("parameter", L.sched_setparam(app, zero))
for who in (0, app):
    tried("priority", L.setpriority(0, who, 19))
tried("processors", L.sched_setaffinity(app, 8, ctypes.byref(ctypes.c_long(1))))
tried("limits", L.prlimit(app, 7, space, None))
tried("ptrace", L.ptrace(16, app, 0, 0))
tried("memory", L.process_vm_readv(app, 0, 0, 0, 0, 0))
tried("socket", L.socket(2, 1, 0))
tried("socket pair", L.socketpair(1, 2, 0, space))
tried("namespace", L.unshare(0x10000000))
tried("mount", L.mount(b"/tmp", b".", None, 4096, None))
tried("shared memory", L.shmget(7, 100, 0o1600))
tried("queue", L.mq_open(b"/reglab", 0o102, 0o600, None))
tried("io_uring", L.syscall(425, 1, space))
tried("newer", L.syscall(468))
tried("x32", L.syscall(0x40000000 + 62, app, 9))
tried("outlive", L.prctl(1, 0))
tried("fork", L.fork())
print("tried all")
"""


@pytest.fixture
def outside():
    """A folder that every user may change, according to its owner and modes."""
    folder = Path(tempfile.mkdtemp(prefix="outside-", dir="/var/tmp"))
    (folder / "text").write_text(SECRET)
    (folder / "empty").mkdir()
    with closing(sqlite3.connect(folder / "table")) as table:
        table.execute(f"create table t as select '{SECRET}' as a")
        table.commit()
    for path in (*folder.iterdir(), folder):
        path.chmod(0o777)
        if os.geteuid() == 0:
            os.chown(path, ORDINARY, ORDINARY)
    yield folder
    shutil.rmtree(folder)


def state(folder):
    """Return all that a program can change about the folder and its contents."""
    return {path: _state(path) for path in (folder, *folder.rglob("*"))}


def _state(path):
    stat = path.stat()
    data = path.read_bytes() if path.is_file() else sorted(path.iterdir())
    owner = (stat.st_uid, stat.st_gid)
    return data, stat.st_mode, owner, stat.st_mtime_ns, stat.st_ctime_ns, os.listxattr(path)


def test_many_ways_to_write_and_read_are_tried():
    assert len(set(WRITES)) >= 60 and len(set(READS)) >= 20


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("way", programs("/"))
def test_nothing_outside_is_changed_or_read(way, user, outside):
    before = state(outside)
    [(sentence, printed, _)] = outcomes(user, programs(outside)[way] + "\nprint('tried all')")
    assert state(outside) == before
    assert SECRET not in printed + sentence
    assert "opened" not in printed
    assert (sentence, printed.splitlines()[-1]) == ("", "tried all"), printed[-500:]


@pytest.mark.parametrize("user", USERS)
def test_neither_signal_nor_scheduler_reaches_the_app(user):
    tkill, tgkill = (200, 234) if os.uname().machine == "x86_64" else (130, 131)
    numbers = f"TKILL, TGKILL = {tkill}, {tgkill}\n"
    code = f"exec({numbers + REACHING!r}, {{}})"
    [(sentence, printed, same)] = outcomes(user, code)
    assert (sentence, printed) == ("", "tried all\n")
    assert same


REPLACED = """
code = "import ctypes; L = ctypes.CDLL(None); L.unlink(b'../printed'); "
exec(code + "MAKE", {})
print("kept")
"""


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize(
    "make", ["L.mkfifo(b'../printed', 438)", "L.symlink(b'/etc/hostname', b'../printed')"]
)
def test_a_replacement_of_the_printed_text_is_not_read(make, user):
    [(sentence, printed, _)] = outcomes(user, REPLACED.replace("MAKE", make))
    assert (sentence, printed) == ("", "kept\n")


def test_the_app_reads_the_printed_text_that_it_opened(monkeypatch, tmp_path):
    """Also where the kernel does not keep the code from replacing the file."""
    process = Process(tmp_path, sandbox.DEFAULT_LIMITS)
    try:
        (tmp_path / "printed").unlink()
        os.mkfifo(tmp_path / "printed")
        assert process.printed() == ""
    finally:
        process.end()


WITHOUT = """
import os, sys
sys.path.insert(0, {project!r})
from sandbox import seccomp as s
for number in {numbers}:
    s.REFUSED += (("", number, number),)
s.PROCESS_STARTS = s.UNSUPPORTED = s.OWN_PROCESS_ONLY = s.ARGUMENT_FILTERS = ()
s.REFUSED = s.REFUSED[-{count}:]
s.refuse_calls(truncate=False)
os.execv(sys.executable, [sys.executable, "-I", "-B", "-u", {child!r}])
"""


def without(monkeypatch, tmp_path, *numbers):
    """Make the kernel refuse these calls to the sandbox, like an old kernel or a container."""
    child, project = process.BOOTSTRAP, str(process.BOOTSTRAP.parents[1])
    text = WITHOUT.format(project=project, numbers=numbers, count=len(numbers), child=str(child))
    (tmp_path / "child.py").write_text(text)
    monkeypatch.setattr(process, "BOOTSTRAP", tmp_path / "child.py")


LANDLOCK = 444


def needs_root_to_read_python():
    others = (Path(sys.base_prefix), *Path(sys.base_prefix).parents)
    return os.geteuid() == 0 and not all(place.stat().st_mode & 0o001 for place in others)


def test_as_root_code_does_not_run_without_landlock(monkeypatch, tmp_path):
    without(monkeypatch, tmp_path, LANDLOCK)
    if not needs_root_to_read_python():
        pytest.skip("every user may read this Python")
    with pytest.raises(sandbox.AnswerError) as caught, sandbox.running("print(1)"):
        pass
    sentence = str(caught.value)
    assert "start the app as an ordinary user" in sentence and "runs as root" in sentence
    assert caught.value.printed == ""


PLAIN_REACH = {
    "import os, _signal\n_signal.pidfd_send_signal(0, 9)": "reach beyond its own process",
    "import posix\nposix.sched_setscheduler(posix.getppid(), 5, None)": "reach beyond",
    "import posix\nposix.sched_setparam(posix.getppid(), None)": "reach beyond",
    "import posix\nposix.nice(5)": "reach beyond its own process",
    "import os\nos.pidfd_open(os.getppid())": "reach beyond its own process",
    "import fcntl, os\nfcntl.fcntl(1, fcntl.F_SETOWN, os.getppid())": "control a file with fcntl",
    "import _posixshmem\n_posixshmem.shm_unlink('/x')": "reach beyond its own process",
}


@pytest.mark.parametrize("source", PLAIN_REACH)
def test_the_audit_hook_names_the_line(source):
    with pytest.raises(sandbox.AnswerError) as caught, sandbox.running(source):
        pass
    assert str(caught.value).startswith(f"Line 2: your code tried to {PLAIN_REACH[source]}")


@pytest.mark.parametrize("version", range(1, landlock.abi() + 1))
def test_every_version_of_landlock_protects_files(version, outside):
    """Rights and attributes that an older kernel does not know are masked."""
    code = f"""
from sandbox import landlock
landlock.abi = lambda: {version}
import os, sys
out, own = {str(outside)!r}, sys.argv[1]
landlock.confine(own, ["/usr/lib"])
open(own + "/new", "w").write("x"); open("/dev/null", "w").write("x"); os.listdir("/usr/lib")
for attempt in (lambda: open(out + "/text"), lambda: open(out + "/new", "w"),
                lambda: os.remove(out + "/text"), lambda: os.mkdir(out + "/new"),
                lambda: os.rename(own + "/new", out + "/new"), lambda: os.listdir(out)):
    try: attempt()
    except OSError: continue
    raise SystemExit("was not refused")
"""
    before = state(outside)
    with tempfile.TemporaryDirectory() as own:
        command = [sys.executable, "-c", code, own]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert state(outside) == before


def test_rights_grow_with_the_version():
    rights = [landlock.file_rights(version) for version in range(1, 9)]
    assert rights == [0x1FFF, 0x3FFF, 0x7FFF, 0x7FFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF]
