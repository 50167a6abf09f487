"""What the operating system proves about the client of a connection."""

import os
import socket
import subprocess
import sys
from ipaddress import ip_address
from types import SimpleNamespace

import pytest

from ui.exercises import peer
from ui.exercises.peer import Connection, End

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who owns a socket")


def ends(client: socket.socket) -> Connection:
    def end(name):
        return End(ip_address(name[0]), name[1])

    return Connection(end(client.getsockname()), end(client.getpeername()))


CONNECT = (
    "import socket, sys; s = socket.create_connection(({host!r}, {port})); {more}"
    "print('open', flush=True); sys.stdin.read()"
)


def connected(server: socket.socket, more: str = ""):
    """Start a process that connects to `server`; give the two ends as the server sees them."""
    host, port = server.getsockname()[:2]
    code = CONNECT.format(host=host, port=port, more=more)
    pipe = subprocess.PIPE
    process = subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe)
    process.stdout.readline()
    accepted, name = server.accept()
    here = End(ip_address(host), port)
    return process, accepted, Connection(End(ip_address(name[0]), name[1]), here)


def proved(server: socket.socket, more: str = "") -> bool:
    process, accepted, connection = connected(server, more)
    with process, accepted:
        found = peer.is_same_user(connection)
        process.stdin.close()
    return found


@pytest.fixture(params=["127.0.0.1", "::1"])
def server(request):
    family = socket.AF_INET6 if ":" in request.param else socket.AF_INET
    try:
        listening = socket.create_server((request.param, 0), family=family)
    except OSError:
        pytest.skip(f"this machine has no {request.param}")
    with listening:
        yield listening


@linux
def test_a_process_of_the_same_user_is_proved(server):
    assert proved(server)


@linux
def test_an_ipv6_socket_that_speaks_ipv4_is_proved():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.socket(socket.AF_INET6) as client,
    ):
        client.connect(("::ffff:127.0.0.1", server.getsockname()[1]))
        accepted, name = server.accept()
        here = End(ip_address("127.0.0.1"), server.getsockname()[1])
        with accepted:
            listed = peer._inode(Connection(End(here.address, name[1]), here), list(peer._rows()))
    assert listed is not None


@linux
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may")
def test_a_socket_of_another_account_is_not_ours(server, monkeypatch):
    os.seteuid(1001)
    try:
        client = socket.socket(server.family)
    finally:
        os.seteuid(0)
    client.connect(server.getsockname())
    accepted, _ = server.accept()
    with client, accepted:
        connection, rows = ends(client), list(peer._rows())
        assert peer._inode(connection, rows) is None
        assert not peer.is_same_user(connection)
        monkeypatch.setattr(os, "geteuid", lambda: 1001)
        assert peer._inode(connection, rows) is not None


@linux
def test_a_process_that_accepts_connections_proves_nothing(server):
    assert not proved(server, "r = socket.create_server(('127.0.0.1', 0)); ")
    accepts = (
        "r = socket.create_server(('127.0.0.1', 0)); c = socket.create_connection(r.getsockname());"
        " a = r.accept(); "
    )
    assert not proved(server, accepts)


@linux
def test_a_socket_that_its_process_has_closed_proves_nothing(server):
    """The kernel lists it as root's."""
    assert not proved(server, "s.close(); ")
    assert not proved(server, "s.shutdown(socket.SHUT_WR); ")


@linux
def test_other_ends_prove_nothing(server):
    process, accepted, (client, here) = connected(server)
    with process, accepted:
        assert not peer.is_same_user(Connection(here, client))
        assert not peer.is_same_user(Connection(client, End(here.address, here.port ^ 1)))
        assert not peer.is_same_user(Connection(End(ip_address("192.0.2.1"), client.port), here))
        process.stdin.close()


def test_what_cannot_be_determined_proves_nothing(monkeypatch):
    assert not peer.is_same_user(None)
    ends = Connection(End(ip_address("127.0.0.1"), 1), End(ip_address("127.0.0.1"), 2))
    for broken in (OSError, ValueError, IndexError):
        monkeypatch.setattr(peer, "_rows", lambda error=broken: (_ for _ in ()).throw(error))
        assert not peer.is_same_user(ends)
    monkeypatch.setattr(peer.sys, "platform", "darwin")
    assert not peer.is_same_user(ends)


SCOPES = [
    {},
    {"client": None, "server": None},
    {"client": ("127.0.0.1", 1), "server": None},
    {"client": ("/tmp/socket", 1), "server": ("127.0.0.1", 2)},
    {"client": ("127.0.0.1", "x"), "server": ("127.0.0.1", 2)},
]


@pytest.mark.parametrize("scope", SCOPES)
def test_a_connection_that_streamlit_hides_is_unknown(scope, monkeypatch):
    monkeypatch.setattr(peer, "get_script_run_ctx", lambda: SimpleNamespace(session_id="a"))
    client = SimpleNamespace(_websocket=SimpleNamespace(scope=scope))
    for told in (client, None, SimpleNamespace()):
        monkeypatch.setattr(
            peer.runtime,
            "get_instance",
            lambda told=told: SimpleNamespace(get_client=lambda session: told),
        )
        assert peer.connection() is None
