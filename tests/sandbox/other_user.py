"""Run learners' sources as root or as an ordinary user, from an app of the same user."""

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
    scheduling = os.sched_getscheduler(0), os.getpriority(os.PRIO_PROCESS, 0)
    processors = len(os.sched_getaffinity(0))
    import resource
    return *scheduling, processors, resource.getrlimit(resource.RLIMIT_NOFILE)
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
    """Run each source in the sandbox of one app that runs as `user`.

    Returns (sentence, printed, whether the app kept its scheduler, priority and limits) for each.
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
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(results) == len(sources), done.stderr[-2000:]
    return results


def as_user(user):
    """Return Popen's options to run as the user, with readable packages. Skips if not possible."""
    if user == "root":
        if os.geteuid() != 0:
            pytest.skip("needs root")
        return {}
    if os.geteuid() != 0:
        return {}
    packages = os.pathsep.join([sysconfig.get_path("purelib"), *site.getsitepackages()])
    env = {"PATH": os.defpath, "HOME": "/nonexistent", "PYTHONPATH": packages}
    env["PYTHONDONTWRITEBYTECODE"] = "1"
    return {"user": ORDINARY, "group": ORDINARY, "extra_groups": [], "env": env}


def python(user):
    """Return the interpreter's command; an ordinary user cannot run one below /root."""
    if user == "root" or os.geteuid() != 0:
        return [sys.executable]
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    import_all = ["-c", "import numpy, pandas, sandbox"]
    for name in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        try:
            done = subprocess.run([name, *import_all], cwd=ROOT, stderr=-3, **as_user(user))
        except OSError:  # missing, or not executable for the user
            continue
        if done.returncode == 0:
            return [name]
    return pytest.skip("an ordinary user can read no Python of this version with the packages")
