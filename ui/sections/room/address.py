"""The address that phones open, and its QR code."""

import socket
from contextlib import suppress
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

import segno
import streamlit as st

from ui.navigation import ROOM

DATAGRAM_PORT = 9
NO_HOST = "192.0.2.1"  # reserved for documentation (RFC 5737): nobody has it


class Address(NamedTuple):
    """Where phones find the rooms of this server.

    is_here_alone  whether the server listens on this machine alone, so that no phone reaches it
    is_guessed     whether the page's own address means only this machine, and another was looked up
    """

    url: str
    is_here_alone: bool
    is_guessed: bool

    def of(self, word: str) -> str:
        """Return the address of one room."""
        return f"{self.url}?room={word}"

    def short(self) -> str:
        """Return the address as one types it."""
        return self.url.partition("://")[2]


def address() -> Address:
    """Return the address of the page for phones, as it is from outside of this machine."""
    parts = urlsplit(st.context.url or "http://localhost:8501")
    is_local = _is_local(parts.hostname)
    host = (in_network() if is_local else None) or parts.hostname or "localhost"
    host = f"[{host}]" if ":" in host else host
    place = f"{host}:{parts.port}" if parts.port else host
    base = "/".join(filter(None, (place, st.get_option("server.baseUrlPath").strip("/"))))
    here_alone = is_local and _is_local(st.get_option("server.address"))
    return Address(f"{parts.scheme}://{base}/{ROOM.place}", here_alone, is_local)


def in_network() -> str | None:
    """Return this machine's address in its network, if it has one; nothing is sent.

    To connect a datagram socket only chooses the way on which it would send.
    """
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
            way.connect((NO_HOST, DATAGRAM_PORT))
            found = str(way.getsockname()[0])
    except OSError:
        return None
    return None if _is_local(found) else found


def _is_local(host: str | None) -> bool:
    """Whether only this machine reaches a server at `host`; None means all its addresses."""
    with suppress(ValueError):
        return ip_address(host or "").is_loopback
    return host == "localhost"


def qr_code(url: str) -> str:
    """Return the QR code of an address as the URI of a picture.

    It is black on white in both themes, with its margin, and holds no text.
    """
    return str(segno.make(url, error="m", micro=False).svg_data_uri(scale=8, light="white"))
