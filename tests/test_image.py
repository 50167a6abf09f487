"""deploy/Dockerfile without Docker: its own lines, carried out in a folder of their own."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from types import SimpleNamespace
from typing import ClassVar

import pytest
from benchmarks.load.server import ROOT, START_SECONDS, free_port
from benchmarks.load.session import AS_PRINTED, Session

pytestmark = pytest.mark.slow

LINES = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
IGNORED = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
COPIES = [line.split()[1:] for line in LINES.splitlines() if line.startswith("COPY ")]
PAGES = ("", "Early_Stopping", "Exercises")


def command(name: str, port: int) -> list[str]:
    """What the image runs, with this Python and this port."""
    (told,) = re.findall(rf"^{name}.*?(\[.*\])$", LINES, re.MULTILINE)
    first, *rest = [word.replace("8501", str(port)) for word in json.loads(told)]
    return [sys.executable, *(["-m", first] if first != "python" else []), *rest]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """What the image holds beside Python and the requirements."""
    made = tmp_path_factory.mktemp("image")
    for *sources, target in COPIES:
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, made / target)
            else:
                (made / target).mkdir(exist_ok=True)
                shutil.copy(ROOT / source, made / target)
    return made


@pytest.fixture(scope="module")
def visited(folder):
    """(health before, while it runs, after; page -> its visitor; what the app said)."""
    port, health = free_port(), []
    env = os.environ | {"PYTHONPATH": str(folder)}
    check = command("HEALTHCHECK", port)
    health.append(subprocess.run(check, env=env, stderr=subprocess.DEVNULL).returncode)
    with (folder / "log").open("wb") as log:
        app = subprocess.Popen(command("CMD", port), cwd=folder, env=env, stdout=log, stderr=log)
    try:
        end = monotonic() + START_SECONDS
        while subprocess.run(check, env=env, stderr=subprocess.DEVNULL).returncode:
            assert app.poll() is None and monotonic() < end, (folder / "log").read_text()
            sleep(0.2)
        health.append(subprocess.run(check, env=env).returncode)
        visitors = asyncio.run(visits(SimpleNamespace(host="127.0.0.1", port=port)))
    finally:
        app.terminate()
        app.wait(10.0)
    health.append(subprocess.run(check, env=env, stderr=subprocess.DEVNULL).returncode)
    return health, visitors, (folder / "log").read_text()


async def visits(place: SimpleNamespace) -> dict[str, Session]:
    visitors = {page: await Session.start(place, page, **AS_PRINTED) for page in PAGES}
    for visitor in visitors.values():
        await visitor.close()
    return visitors


def test_the_pages_work_with_what_is_copied(visited):
    assert [visitor.errors for visitor in visited[1].values()] == [[]] * len(PAGES)


def test_the_health_check_sees_whether_it_runs(visited):
    assert visited[0] == [1, 0, 1]


class Unwell(BaseHTTPRequestHandler):
    """An app that is starting or ending."""

    asked: ClassVar[list[str]] = []

    def do_GET(self):
        self.asked.append(self.path)
        self.send_error(503)

    def log_message(self, *_):
        """Quietly."""


def test_the_health_check_believes_what_the_app_says_of_itself():
    """Another path would not do: the app answers what it does not know with its page, and 200."""
    with HTTPServer(("127.0.0.1", 0), Unwell) as server:
        Thread(target=server.handle_request).start()
        check = command("HEALTHCHECK", server.server_port)
        assert subprocess.run(check).returncode == 1
    assert Unwell.asked == ["/_stcore/health"]


def test_it_runs_no_code_of_learners_also_for_who_is_on_the_same_machine(visited):
    assert "task" in visited[1]["Exercises"].controls
    assert "by" not in visited[1]["Exercises"].controls


def test_it_asks_nothing_outside_when_it_starts(visited):
    assert "External URL" not in visited[2]
    assert "external IP" not in visited[2]


def test_docker_is_shown_what_it_copies_and_nothing_else():
    shown = {line[1:] for line in IGNORED if line.startswith("!")}
    assert shown == {source for *sources, _ in COPIES for source in sources}
    assert "*" in IGNORED
