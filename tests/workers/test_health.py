"""The health check for administrators, which finds more than the app's own "ok"."""

import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.support import ROOT
from tests.workers.support import PATIENT, failing, full
from workers import faults, health, processes, temporary
from workers.faults import fault
from workers.processes import ProcessExecutor

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("fresh")]


class Ok(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self):
        self.send_response(self.status if self.path == "/_stcore/health" else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Log nothing."""


class Unwell(Ok):
    status = 503


@pytest.fixture
def port(tmp_path, monkeypatch):
    monkeypatch.setattr(temporary.tempfile, "tempdir", str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), Ok) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_an_app_that_answers_and_trains_is_healthy(port):
    assert health.fault(port) == ""


def test_a_pool_that_cannot_be_made_is_reported_until_it_can(port, monkeypatch, tmp_path):
    monkeypatch.setattr(faults, "RETRY_SECONDS", PATIENT)  # until the test looks
    for _ in range(3):
        with monkeypatch.context() as lacking:
            lacking.setattr(processes, "Pool", failing(OSError(28, "No space left on device")))
            fault._next_try = 0.0
            assert ProcessExecutor(2).submit(int, "1").result(PATIENT) == 1
        assert "(No space left on device)" in health.fault(port)
        assert len(list(tmp_path.iterdir())) == 1
    fault.clear()
    assert health.fault(port) == ""


def test_the_trouble_file_of_a_dead_app_is_ignored(port, tmp_path):
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    name = temporary.trouble_file().name.replace(f"-{os.getpid()}-", f"-{done.pid}-")
    (tmp_path / name).write_text("No.")
    assert health.fault(port) == ""


def test_a_full_temporary_folder_is_reported(port, monkeypatch):
    monkeypatch.setattr(temporary.tempfile, "TemporaryFile", full)
    assert "(No space left on device)" in health.fault(port)


def test_an_app_that_is_not_ready_or_not_running_is_reported():
    with ThreadingHTTPServer(("127.0.0.1", 0), Unwell) as server:
        Thread(target=server.handle_request, daemon=True).start()
        port = server.server_port
        assert "503" in health.fault(port)
    assert "does not answer" in health.fault(port)


def test_the_command_prints_the_fault_and_fails(port, tmp_path):
    run = [sys.executable, "-m", "workers.health", str(port)]
    env = os.environ | {"TMPDIR": str(tmp_path)}
    well = subprocess.run(run, cwd=ROOT, env=env, capture_output=True, text=True)
    assert (well.returncode, well.stderr) == (0, "")
    temporary.trouble_file().write_text("It broke.")
    unwell = subprocess.run(run, cwd=ROOT, env=env, capture_output=True, text=True)
    assert (unwell.returncode, unwell.stderr) == (1, "It broke.\n")
