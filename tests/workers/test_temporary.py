"""Temporary files that a killed process leaves are removed later."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import sleep

import pytest

import sandbox
from regcore.experiments.parallel import Signal
from tests.support import ROOT
from workers import temporary


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(tempfile, "template", tempfile.template)
    return tmp_path


@pytest.mark.skipif(os.name == "nt", reason="a process id cannot be checked there")
def test_only_files_of_dead_processes_are_removed(folder):
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    here, dead, elsewhere = temporary._place(), done.pid, "0" * 8
    folders = f"reglab-{here}-{dead}-answer-a1", "reglab-of-mine"
    stale = [folders[0], f"reglab-{here}-{dead}-a1-job", f"reglab-{here}-{dead}-trouble"]
    kept = [
        temporary.trouble_file().name,
        f"reglab-{elsewhere}-{dead}-a1-job",  # of another machine or container
        f"reglab-{here}-{os.getppid()}-a1-job",
        f"other-{here}-{dead}-a1",
        f"reglab-{here}-{dead}",
        "reglab-of-mine",
    ]
    for name in [*stale, *kept]:
        if name in folders:
            (folder / name / "inside").mkdir(parents=True)
        else:
            (folder / name).touch()
    link = folder / f"reglab-{here}-{dead}-link"
    link.symlink_to(folder / "reglab-of-mine", target_is_directory=True)
    temporary.clear()
    assert {entry.name for entry in folder.iterdir()} == {*kept, link.name}
    assert (folder / "reglab-of-mine" / "inside").is_dir()


def test_files_of_unknown_processes_are_removed_after_a_day(folder):
    old, new = (folder / f"reglab-00000000-1-{name}" for name in ("old", "new"))
    for file in (old, new):
        file.touch()
    os.utime(old, (0, 0))
    temporary.clear()
    assert list(folder.iterdir()) == [new]


def test_files_of_jobs_and_folders_of_answers_have_marked_names(folder):
    temporary.mark_names()
    made = [Path(Signal()._path)]
    with sandbox.running("answer = 1"):
        made += [entry for entry in folder.iterdir() if entry not in made]
    assert len(made) == 2
    assert all(temporary.NAME.fullmatch(entry.name) for entry in made)


SERVER = """
import os, signal
from functools import partial
from regcore.experiments.parallel import Job
from workers import temporary
from workers.processes import ProcessExecutor
from tests.workers.support import slowly
temporary.mark_names()
job = Job(ProcessExecutor(2), partial(slowly, 1))
while job.share == 0.0:
    pass
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="kills processes")
def test_a_server_that_is_killed_leaves_no_file_behind(tmp_path):
    env = os.environ | {"TMPDIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", SERVER], cwd=ROOT, env=env, timeout=60)
    clear = "from workers import temporary; temporary.clear()"
    subprocess.run([sys.executable, "-c", clear], cwd=ROOT, env=env, check=True)
    sleep(2.5)  # until the last worker has ended
    assert list(tmp_path.glob("reglab-*")) == []
