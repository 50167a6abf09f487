"""Runs learners' sources as root and as an ordinary user, each from an app of that user's."""

import json
import os
import site
import subprocess
import sys
import sysconfig

import pytest

from tests.support import ROOT

ORDINARY = 1000
USERS = ("root", "ordinary user")
APP = """
import json, os, sys
import sandbox
def state():
    who = os.sched_getscheduler(0), os.getpriority(os.PRIO_PROCESS, 0), len(os.sched_getaffinity(0))
    import resource
    return *who, resource.getrlimit(resource.RLIMIT_NOFILE)
for source in json.load(sys.stdin):
    before = state()
    try:
        with sandbox.running(source) as code:
            outcome = "", code.printed
    except sandbox.AnswerError as error:
        outcome = str(error), error.printed
    print(json.dumps((*outcome, before == state())), flush=True)
"""


def outcomes(user, *sources, command=(), **options):
    """Run each source in the sandbox of one app of the user's.

    Returns (sentence, printed, whether the app's scheduler, priority and limits stayed) for each.
    """
    command = command or [*python(user), "-c", APP]
    done = subprocess.run(
        command,
        **options | as_user(user),
        input=json.dumps(sources),
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(sources), done.stderr[-2000:]
    return found


def as_user(user):
    """What Popen needs to become the user, with that user's packages; skips where it cannot."""
    if user == "root":
        if os.geteuid() != 0:
            pytest.skip("only root can try what root's app does")
        return {}
    if os.geteuid() != 0:
        return {}
    packages = os.pathsep.join([sysconfig.get_path("purelib"), *site.getsitepackages()])
    env = {"PATH": os.defpath, "HOME": "/nonexistent", "PYTHONPATH": packages}
    env["PYTHONDONTWRITEBYTECODE"] = "1"
    return {"user": ORDINARY, "group": ORDINARY, "extra_groups": [], "env": env}


def python(user):
    """The interpreter's command; an ordinary user cannot run one that lies below /root."""
    if user == "root" or os.geteuid() != 0:
        return [sys.executable]
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    import_all = ["-c", "import numpy, pandas, sandbox"]
    for name in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        try:
            done = subprocess.run([name, *import_all], cwd=ROOT, stderr=-3, **as_user(user))
        except OSError:  # not there, or not to be executed
            continue
        if done.returncode == 0:
            return [name]
    return pytest.skip("an ordinary user can read no Python of this version with the packages")
