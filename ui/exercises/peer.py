"""Which account is at the other end of a session's connection, as the operating system proves it.

This works only on Linux: /proc/net/tcp gives the owner of a socket, /proc/<pid>/fd the process that
holds it. What cannot be determined proves nothing.
"""

import os
import re
import sys
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any, NamedTuple

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

ESTABLISHED, LISTEN = "01", "0A"
SOCKET = re.compile(r"socket:\[(\d+)\]")


class End(NamedTuple):
    """One end of a connection."""

    address: IPv4Address | IPv6Address
    port: int


class Connection(NamedTuple):
    """The two ends of a TCP connection to this server."""

    client: End
    server: End


class Row(NamedTuple):
    """A socket as the kernel lists it."""

    local: str
    remote: str
    state: str
    uid: int
    inode: str


def connection() -> Connection | None:
    """Return the connection of the session whose page is being drawn; None if unknown."""
    context = get_script_run_ctx()
    if context is None:
        return None
    try:  # Streamlit has no public API for it
        client: Any = runtime.get_instance().get_client(context.session_id)
        scope = client._websocket.scope
        ends = scope["client"], scope["server"]
        return Connection(*(End(ip_address(host), int(port)) for host, port in ends))
    except Exception:  # another version of Streamlit, another server, a session that has ended
        return None


def is_same_user(connection: Connection | None) -> bool:
    """Whether the system proves that a process of this server's user made the connection itself.

    A process that accepts connections may be a relay, and proves nothing about its users. Nor does
    a process that this user may not inspect, such as the end of an SSH tunnel.
    """
    if connection is None or sys.platform != "linux":
        return False
    try:
        rows = list(_rows())
        inode = _inode(connection, rows)
        holders = _holders(inode) if inode else []
    except (OSError, ValueError, IndexError):
        return False
    return bool(holders) and not any(sockets & _inbound(rows) for sockets in holders)


def _rows() -> Iterator[Row]:
    for name in ("tcp", "tcp6"):
        path = Path("/proc/net", name)
        for line in path.read_text().splitlines()[1:] if path.exists() else ():
            field = line.split()
            yield Row(field[1], field[2], field[3], int(field[7]), field[9])


def _inode(connection: Connection, rows: list[Row]) -> str | None:
    """Return the inode of the client's socket if it is open and belongs to this process's user.

    The kernel shows a socket that its process has closed as root's, with inode 0.
    """
    ports = [f":{end.port:04X}" for end in connection]
    for row in rows:
        if row.local.endswith(ports[0]) and row.remote.endswith(ports[1]):
            ends = Connection(_listed(row.local), _listed(row.remote))
            if ends == connection and row.state == ESTABLISHED and row.inode != "0":
                return row.inode if row.uid == os.geteuid() else None
    return None


def _listed(text: str) -> End:
    """Parse an end as the kernel lists it: in hexadecimal, address words in native byte order."""
    digits, _, port = text.partition(":")
    words = [int(digits[at : at + 8], 16) for at in range(0, len(digits), 8)]
    address = ip_address(b"".join(word.to_bytes(4, sys.byteorder) for word in words))
    return End(getattr(address, "ipv4_mapped", None) or address, int(port, 16))


def _holders(inode: str) -> list[set[str]]:
    """Return the sockets of each process that holds this one, as far as this user may see."""
    processes = [_sockets(path) for path in Path("/proc").iterdir() if path.name.isdecimal()]
    return [sockets for sockets in processes if inode in sockets]


def _sockets(process: Path) -> set[str]:
    """Return the inodes of a process's sockets; none if this user may not see them."""
    try:
        targets = map(_target, (process / "fd").iterdir())
        return {match[1] for target in targets if (match := SOCKET.fullmatch(target))}
    except OSError:  # another user's, or just ended
        return set()


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:  # just closed
        return ""


def _inbound(rows: list[Row]) -> set[str]:
    """Return the listening sockets and the connections that they accepted."""
    port = {row.inode: row.local.rpartition(":")[2] for row in rows}
    listening = {port[row.inode] for row in rows if row.state == LISTEN}
    return {inode for inode, number in port.items() if number in listening and inode != "0"}
