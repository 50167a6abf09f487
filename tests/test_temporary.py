"""What a killed process leaves in the folder for temporary files, and who clears it away."""

import os
import subprocess
import sys
from time import sleep

import pytest
from apps import ROOT

from regcore import temporary


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


SERVER = """
import os, signal
from regcore import jobs
from regcore.workers import Workers
from test_standstill import slowly
job = jobs.Job(Workers(2), slowly, 1)
while job.share == 0.0:
    pass
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="kills processes")
def test_a_server_that_is_killed_leaves_no_file_behind(tmp_path):
    env = os.environ | {"TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join((".", "tests"))}
    subprocess.run([sys.executable, "-c", SERVER], cwd=ROOT, env=env, timeout=60)
    clear = "from regcore import temporary; temporary.clear()"
    subprocess.run([sys.executable, "-c", clear], cwd=ROOT, env=env, check=True)
    sleep(2.5)  # the last worker has left
    assert list(tmp_path.glob("reglab-*")) == []
