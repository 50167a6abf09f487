"""The one door to running a learner's code, and who may go through it.

The sandbox limits accidents; it is no fortress. So code runs only while the server listens on a
loopback address and nothing stands in between, and only for the person who started it: a machine
may have several accounts, and all of them reach that address (ui/exercises/owner.py).
"""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

import streamlit as st

from regcore.exercises import LIMITS, Report, Task, check_source, held, run_source
from ui.exercises import owner
from ui.training import progress

RELAYED = (
    *("Forwarded", "Via", "X-Real-Ip", "X-Client-Ip", "True-Client-Ip"),
    *("Cf-Connecting-Ip", "X-Forwarded-", "Tailscale-"),
)  # how the names of a relay's headers begin


class NotHere(Exception):
    """Learner code was asked for on a server that does not run any."""


def is_here(headers: Mapping[str, str]) -> bool:
    """Whether a request was made to this machine by its own name, with nothing in between.

    A relay would bring a class to a server that listens on loopback alone, and a hostile page
    whose name resolves to 127.0.0.1 would bring itself: both leave another name in Host. A page
    of another server, on this machine too, has another Origin than the Host that it asks.
    """
    given = {name.title(): value for name, value in headers.items()}
    relayed = any(name.startswith(RELAYED) for name in given)
    host, origin = given.get("Host"), given.get("Origin")
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    return (
        not relayed
        and (host is None or is_loopback(_host(host)))
        and origin in (None, f"{scheme}://{host}")
    )


def _host(value: str) -> str | None:
    """The host in `host:port`."""
    try:
        return urlsplit(f"//{value}").hostname
    except ValueError:
        return None


def is_loopback(address: str | None) -> bool:
    """Whether only this machine can reach a server at `address`; None means everybody can."""
    if address == "localhost":
        return True
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False


def allowed() -> bool:
    """Whether this server runs code of its owner, and this visitor reaches it as an owner does."""
    return is_loopback(st.get_option("server.address")) and is_here(st.context.headers)


def welcome() -> None:
    """Tell the owner the secret, and take it from their link, where code can run at all."""
    if allowed():
        owner.welcome()


def check(task: Task, source: str) -> Report:
    """Run `source` in the sandbox and check it. Raises NotHere where code may not run."""
    _insist()
    with progress.bar("Running your code in a process of its own, and checking it") as report:
        return check_source(task, source, report)


def run(source: str) -> str:
    """What `source` prints, or AnswerError. Raises NotHere where code may not run."""
    _insist()
    with progress.bar("Running your code in a process of its own") as report:
        return run_source(source, report)


def limits() -> str:
    """What holds learner code back on this machine, in two or three sentences."""
    known, most = held(), LIMITS
    told = [
        f"It may compute for {most.cpu_seconds} seconds, on a slow machine for up to "
        f"{most.most_cpu_seconds}, take {most.memory_bytes / 2**30:g} GB and start no process."
        if known.limits
        else "This platform does not hold every limit; only the time is sure to be limited."
    ]
    reach = (known.files, "reading and changing your files"), (known.processes, "other programs")
    for by_system, holder in ((True, "the system"), (False, "Python alone")):
        if kept := " and from ".join(what for sure, what in reach if sure is by_system):
            told.append(f"It is kept from {kept} by {holder}.")
    return " ".join(told)


def _insist() -> None:
    if not allowed():
        raise NotHere("This server does not run code of its visitors.")
    if not owner.is_known():
        raise NotHere("This server runs code of its owner only.")
