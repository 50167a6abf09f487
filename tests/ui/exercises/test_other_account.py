"""A machine with two accounts: one starts the app, the other reaches its address."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.benchmarks.load.program import free_port
from tests.ui.exercises.accounts import OTHER, OWNER, OwnersServer, as_account, readable_checkout

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def checkout() -> Iterator[tuple[Path, str]]:
    with readable_checkout(OWNER) as made:
        yield made


@pytest.fixture(scope="module")
def server(checkout) -> Iterator[OwnersServer]:
    with OwnersServer(*checkout) as started:
        yield started


def test_another_account_runs_no_code_without_the_secret(server):
    seen = server.visit(OTHER)
    assert seen["asked"]
    assert not seen["ran"]
    assert server.printed()[0] == str(server.port)


def test_wrong_secrets_run_no_code_a_thousand_times(server):
    guesses = [f"guess-{number}" for number in range(1000)]
    seen = server.visit(OTHER, guesses)
    assert seen["asked"]
    assert not seen["ran"]
    assert seen["errors"] == []
    secret = server.printed()[1]
    assert server.visit(OTHER, [secret])["ran"]  # a visitor with the secret may run code


def test_a_secret_of_an_earlier_start_runs_no_code(server, checkout):
    with OwnersServer(*checkout) as earlier:
        assert not earlier.visit(OTHER)["ran"]
        old = earlier.printed()[1]
    assert not server.visit(OTHER, [old])["ran"]
    assert not server.visit(OTHER, key=old)["ran"]


def test_the_printed_link_is_enough(server):
    server.visit(OTHER)
    seen = server.visit(OTHER, key=server.printed()[1])
    assert seen["ran"]
    assert not seen["asked"]


def test_each_session_asks_for_the_secret(server):
    server.visit(OTHER)
    assert server.visit(OTHER, [server.printed()[1]])["ran"]
    seen = server.visit(OTHER)
    assert seen["asked"]
    assert not seen["ran"]


def test_the_owners_own_process_is_never_asked(server):
    seen = server.visit(OWNER)
    assert seen["ran"]
    assert not seen["asked"]


def test_root_is_another_account(server):
    seen = server.visit(0)
    assert seen["asked"]
    assert not seen["ran"]


@pytest.mark.parametrize("port", [3000, 5000])
def test_a_page_of_another_local_server_runs_no_code(server, port):
    for host in ("localhost", "127.0.0.1"):
        assert not server.visit(OWNER, Origin=f"http://{host}:{port}")["ran"]
    assert server.visit(OWNER, Origin=f"http://127.0.0.1:{server.port}")["ran"]


RELAY = """
import socket, sys, threading
server, target = socket.create_server(("127.0.0.1", int(sys.argv[1]))), int(sys.argv[2])
def pump(a, b):
    while data := a.recv(65536):
        b.sendall(data)
while True:
    a, _ = server.accept()
    b = socket.create_connection(("127.0.0.1", target))
    for pair in ((a, b), (b, a)):
        threading.Thread(target=pump, args=pair, daemon=True).start()
"""


def _wait_for(port: int) -> None:
    end = monotonic() + 30
    while monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        sleep(0.05)
    raise TimeoutError(f"nobody listens at {port}")


def test_a_visitor_through_the_owners_relay_is_asked(server, monkeypatch):
    port = free_port()
    command = [server.python, "-c", RELAY, str(port), str(server.port)]
    relay = subprocess.Popen(command, cwd="/", **as_account(OWNER))
    try:
        _wait_for(port)
        monkeypatch.setattr(server, "port", port)
        seen = server.visit(OTHER)
    finally:
        relay.kill()
        relay.wait()
    assert seen["asked"]
    assert not seen["ran"]
