"""deploy/Dockerfile without Docker: its own lines, executed in a temporary folder."""

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
from packaging.requirements import Requirement

from tests.benchmarks.load.program import Program, free_port
from tests.benchmarks.load.session import AS_PRINTED, Session
from tests.deploy.declared import APP_LINES
from tests.support import ROOT

pytestmark = pytest.mark.slow

LINES = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
IGNORED = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
COPIES = [line.split()[1:] for line in LINES.splitlines() if line.startswith("COPY ")]
PAGES = ("", "Early_Stopping", "Exercises")


def command(name: str, port: int) -> list[str]:
    """Return the image's command of this name, for this Python and this port."""
    (words,) = re.findall(rf"^{name}.*?(\[.*\])$", LINES, re.MULTILINE)
    first, *rest = [word.replace("8501", str(port)) for word in json.loads(words)]
    return [sys.executable, *(["-m", first] if first != "python" else []), *rest]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The files that the image contains besides Python and the requirements."""
    made = tmp_path_factory.mktemp("image")
    for *sources, target in COPIES:
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, made / target)
            else:
                (made / target).mkdir(exist_ok=True)
                shutil.copy(ROOT / source, made / target)
    return made


class Image(Program):
    """The program that a container would run, and its health check."""

    def __init__(self, code: Path) -> None:
        super().__init__()
        self.host, self.port, self.code = "127.0.0.1", free_port(), code
        self.env = os.environ | {"PYTHONPATH": str(code)}

    def start(self, log):
        run = command("CMD", self.port)
        return subprocess.Popen(run, cwd=self.code, env=self.env, stdout=log, stderr=log)

    def health(self) -> int:
        check = command("HEALTHCHECK", self.port)
        return subprocess.run(check, env=self.env, stderr=subprocess.DEVNULL).returncode

    def ready(self) -> bool:
        return self.health() == 0


@pytest.fixture(scope="module")
def visited(folder):
    """([health before, during and after the run], {page: its visitor}, what the app printed)."""
    image = Image(folder)
    before = image.health()
    with image:
        meanwhile, visitors = image.health(), asyncio.run(visits(image))
        log = image.log.read_text()
    assert (
        image.process.returncode != -signal.SIGKILL
    )  # it ended on the first signal, as `docker stop` needs
    return [before, meanwhile, image.health()], visitors, log


async def visits(image: Image) -> dict[str, Session]:
    visitors = {page: await Session.start(image, page, **AS_PRINTED) for page in PAGES}
    for visitor in visitors.values():
        await visitor.close()
    return visitors


def test_the_pages_work_with_the_copied_files(visited):
    assert [visitor.errors for visitor in visited[1].values()] == [[]] * len(PAGES)


def test_the_health_check_sees_whether_the_app_runs(visited):
    assert visited[0] == [1, 0, 1]


class Unwell(BaseHTTPRequestHandler):
    """An app that is starting or ending."""

    asked: ClassVar[list[str]] = []

    def do_GET(self):
        self.asked.append(self.path)
        self.send_error(503)

    def log_message(self, *_):
        """Log nothing."""


def test_the_health_check_asks_the_apps_own_health_path():
    """Another path would not do: the app answers unknown paths with its page and status 200."""
    with HTTPServer(("127.0.0.1", 0), Unwell) as server:
        Thread(target=server.handle_request).start()
        check = command("HEALTHCHECK", server.server_port)
        assert subprocess.run(check).returncode == 1
    assert Unwell.asked == ["/_stcore/health"]


def test_it_runs_no_code_of_learners_even_for_local_visitors(visited):
    assert "task" in visited[1]["Exercises"].controls
    assert "by_Form_Lines" not in visited[1]["Exercises"].controls


def test_it_contacts_no_other_server_when_it_starts(visited):
    assert "External URL" not in visited[2]
    assert "external IP" not in visited[2]


@pytest.mark.parametrize("line", APP_LINES)
def test_the_locked_version_meets_the_requirement(line):
    lock = (ROOT / "deploy" / "requirements.lock").read_text(encoding="utf-8")
    required = Requirement(line)
    (version,) = re.findall(rf"^{required.name}==(\S+)", lock, re.MULTILINE)
    assert required.specifier.contains(version)


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_lock_is_complete_and_its_hashes_are_right(folder, tmp_path, machine):
    """pip checks both without installing anything; it needs a network or its cache."""
    (command_line,) = re.findall(r"^RUN (pip install .*)$", LINES, re.MULTILINE)
    (python,) = re.findall(r"^FROM python:([\d.]+)-slim$", LINES, re.MULTILINE)
    assert {"--require-hashes", "--only-binary=:all:"} < set(command_line.split())
    install = [word for word in command_line.split() if word != "--no-cache-dir"]
    platforms = [f"--platform=manylinux{glibc}_{machine}" for glibc in ("2014", "_2_27", "_2_28")]
    target = [f"--python-version={python}", *platforms, f"--target={tmp_path}"]
    run = [sys.executable, "-m", *install, "--dry-run", "--quiet", *target]
    done = subprocess.run(run, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_docker_gets_only_the_files_that_it_copies():
    shown = {line[1:] for line in IGNORED if line.startswith("!")}
    assert shown == {source for *sources, _ in COPIES for source in sources}
    assert "*" in IGNORED
