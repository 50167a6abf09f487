"""Ways around the audit hook: what the kernel holds, nothing outside learns of them.

Each program tries to reach a file outside of its folder or the process that started it. Whether it
is told so in words does not matter here; that nothing outside changes does.
"""

import os
import signal
import sys

import pytest

from regcore import sandbox, sandbox_landlock
from regcore.sandbox import AnswerError

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="Landlock and seccomp are Linux's"),
]
CTYPES = "exec('import ctypes; libc = ctypes.CDLL(None, use_errno=True)', globals())\n"
INTERPRETER = """
import importlib
for name in ("_interpreters", "_xxsubinterpreters"):
    try:
        interpreters = importlib.import_module(name)
        interpreters.run_string(interpreters.create(), {code!r})
    except Exception as error:
        print(type(error).__name__, error)
"""
FILES = {  # {victim} is a file, {folder} the one that it is in
    "open": "open({victim!r}, 'w').write('gone')",
    "append": "open({victim!r}, 'a').write('more')",
    "os.open": "import os\nos.write(os.open({victim!r}, os.O_WRONLY | os.O_TRUNC), b'gone')",
    "posix.open": "import posix\nposix.write(posix.open({victim!r}, 1 | 512), b'gone')",
    "remove": "import os\nos.remove({victim!r})",
    "rename": "import os\nos.rename({victim!r}, 'mine')",
    "replace it": "import os\nopen('mine', 'w').close()\nos.replace('mine', {victim!r})",
    "truncate": "import os\nos.truncate({victim!r}, 0)",
    "chmod": "import os\nos.chmod({victim!r}, 0)",
    "a new file": "open({folder!r} + '/new', 'w').close()",
    "a new folder": "import os\nos.mkdir({folder!r} + '/new')",
    "a FIFO": "import os\nos.mkfifo({folder!r} + '/new')",
    "a link": "import os\nos.symlink('/etc/passwd', {folder!r} + '/new')",
    "rmtree": "import shutil\nshutil.rmtree({folder!r})",
    "move": "import shutil\nshutil.move({victim!r}, 'mine')",
    "pathlib": "from pathlib import Path\nPath({victim!r}).write_text('gone')",
    "np.save": "import numpy as np\nnp.save({folder!r} + '/new.npy', np.ones(3))",
    "np.savetxt": "import numpy as np\nnp.savetxt({victim!r}, np.ones(3))",
    "np.memmap": "import numpy as np\nnp.memmap({victim!r}, mode='r+', shape=3)[:] = 0",
    "tofile": "import numpy as np\nnp.ones(3).tofile({victim!r})",
    "to_csv": "import pandas as pd\npd.DataFrame([1]).to_csv({victim!r})",
    "to_parquet": "import pandas as pd\npd.DataFrame({{'a': [1]}}).to_parquet({victim!r})",
    "read_parquet": "import pandas as pd\nprint(pd.read_parquet({victim!r}))",
    "sqlite": "import sqlite3\nsqlite3.connect({folder!r} + '/new').execute('create table t (a)')",
    "sqlite URI": "import sqlite3\n"
    "sqlite3.connect('file:' + {folder!r} + '/new', uri=True).execute('create table t (a)')",
    "sqlite ATTACH": "import sqlite3\nc = sqlite3.connect(':memory:')\n"
    "c.execute('attach ? as b', ({folder!r} + '/new',))\nc.execute('create table b.t (a)')",
    "readline": "import readline\nreadline.write_history_file({victim!r})",
    "dir_fd": "import os\nroot = os.open('/', os.O_RDONLY)\nos.remove({victim!r}[1:], dir_fd=root)",
    "chdir and dir_fd": "import os\nos.chdir('/')\nhere = os.open('.', os.O_PATH)\n"
    "print(os.read(os.open({victim!r}[1:], os.O_RDONLY, dir_fd=here), 99))",
    "zipfile": "import zipfile\nzipfile.ZipFile({folder!r} + '/new', 'w').writestr('a', 'b')",
    "shelve": "import shelve\nshelve.open({folder!r} + '/new')['a'] = 1",
    "logging": "import logging\nlogging.basicConfig(filename={victim!r}, level=0)\n"
    "logging.info('gone')",
    "a new event loop of hooks": "import gc\nfor o in gc.get_objects():\n"
    "    if type(o).__name__ == '_Hook':\n        type(o).__call__ = lambda *a: None\n"
    "open({victim!r}, 'w').write('gone')",
    "ctypes open": CTYPES + "libc.write(libc.open({victim!r}.encode(), 1 | 512), b'gone', 4)",
    "ctypes unlink": CTYPES + "libc.unlink({victim!r}.encode())",
    "ctypes rename": CTYPES + "libc.rename({victim!r}.encode(), b'mine')",
    "ctypes truncate": CTYPES + "libc.truncate({victim!r}.encode(), 0)",
    "ctypes mkdir": CTYPES + "libc.mkdir(({folder!r} + '/new').encode(), 0o777)",
    "ctypes symlink": CTYPES + "libc.symlink(b'/etc/passwd', ({folder!r} + '/new').encode())",
    "ctypes mount": CTYPES + "libc.mount(b'none', {folder!r}.encode(), b'tmpfs', 0, None)",
    "ctypes unshare": CTYPES + "print(libc.unshare(0x10000000))\n"
    "open({victim!r}, 'w').write('gone')",
}
SIGNALS = {  # {pid} is the process that started it
    "os.kill": "import os\nos.kill({pid}, 10)",
    "posix.kill": "import posix\nposix.kill({pid}, 10)",
    "killpg": "import os\nos.killpg(os.getpgid({pid}), 10)",
    "_signal": "import os, _signal\n_signal.pidfd_send_signal(os.pidfd_open({pid}, 0), 10)",
    "ctypes kill": CTYPES + "libc.kill({pid}, 10)",
    "ctypes tgkill": CTYPES + "libc.syscall(234, {pid}, {pid}, 10)",
    "ctypes pidfd": CTYPES + "libc.syscall(424, libc.syscall(434, {pid}, 0), 10, None, 0)",
    "F_SETOWN": "import os, fcntl\nr, w = os.pipe()\nfcntl.fcntl(r, fcntl.F_SETOWN, {pid})\n"
    "fcntl.fcntl(r, 10, 10)\nfcntl.fcntl(r, fcntl.F_SETFL, os.O_ASYNC)\nos.write(w, b'x')",
}
SCHEDULER = {
    "idle": "import os\nos.sched_setscheduler({pid}, os.SCHED_IDLE, os.sched_param(0))",
    "posix": "import sys\nsys.modules.pop('posix')\nimport posix\n"
    "posix.sched_setscheduler({pid}, 5, posix.sched_param(0))",
    "priority": "import os\nos.setpriority(os.PRIO_PROCESS, {pid}, 19)",
    "affinity": "import os\nos.sched_setaffinity({pid}, {{0}})",
    "ctypes priority": CTYPES + "libc.setpriority(0, {pid}, 19)",
    "ctypes limits": CTYPES + "import struct\n"
    "libc.prlimit({pid}, 7, struct.pack('QQ', 16, 16), None)",
}


@pytest.fixture(scope="module", autouse=True)
def kernel():
    if not sandbox_landlock.abi():
        pytest.skip("this kernel has no Landlock")


@pytest.fixture
def victim(tmp_path):
    tmp_path.chmod(0o777)
    file = tmp_path / "file"
    file.write_text("secret of the owner")
    file.chmod(0o666)
    return file


def run(source: str) -> str:
    """What the program prints, however it ends."""
    try:
        with sandbox.running(source) as code:
            return code.printed
    except AnswerError as error:
        return error.printed


@pytest.mark.parametrize("inside", [False, True], ids=["itself", "in a subinterpreter"])
@pytest.mark.parametrize("way", FILES)
def test_no_file_outside_is_reached(way, inside, victim):
    source = FILES[way].format(victim=str(victim), folder=str(victim.parent))
    printed = run(INTERPRETER.format(code=source) if inside else source)
    assert "secret" not in printed
    assert [path.name for path in victim.parent.iterdir()] == ["file"]
    assert victim.read_text() == "secret of the owner"
    assert victim.stat().st_mode & 0o777 == 0o666


@pytest.mark.parametrize("way", SIGNALS)
def test_no_signal_reaches_the_app(way):
    heard = []
    before = signal.signal(signal.SIGUSR1, lambda *_: heard.append(way))
    try:
        run(SIGNALS[way].format(pid=os.getpid()))
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert heard == []


@pytest.mark.parametrize("way", SCHEDULER)
def test_the_app_is_not_slowed(way):
    def state():
        pid = os.getpid()
        return os.sched_getscheduler(pid), os.getpriority(0, pid), os.sched_getaffinity(pid)

    before = state()
    run(SCHEDULER[way].format(pid=os.getpid()))
    assert state() == before


@pytest.mark.parametrize(
    "end", ["while True: pass", "import os; os._exit(3)", "import os; os.abort()"]
)
def test_what_was_printed_before_the_end_is_shown(end):
    limits = sandbox.Limits(cpu_seconds=1, most_cpu_seconds=1)
    with pytest.raises(AnswerError) as caught, sandbox.running(f"print('so far')\n{end}", limits):
        pass
    assert "so far" in caught.value.printed
