"""Access control for running a learner's code; the app runs code only through this module.

The sandbox limits accidents, not attacks. So code runs only while the server listens on a loopback
address and is reached without a relay, and only for the person who started it: a machine may have
several accounts, and all of them reach that address (ui/exercises/owner.py).
"""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

import streamlit as st

from regcore.exercises import LIMITS, Report, Task, check_source, held, run_source
from ui.exercises import owner
from ui.training import progress

RELAY_HEADERS = (  # prefixes
    "Forwarded",
    "Via",
    "X-Real-Ip",
    "X-Client-Ip",
    "True-Client-Ip",
    "Cf-Connecting-Ip",
    "X-Forwarded-",
    "Tailscale-",
)


class NotHere(Exception):
    """This server may not run learner code for this visitor."""


def is_here(headers: Mapping[str, str]) -> bool:
    """Whether a request addressed this machine by its own name, without a relay.

    A relay could connect others to a server that listens on loopback only, and so could a hostile
    page whose name resolves to 127.0.0.1: both send another name as Host. A page of another server,
    even on this machine, has an Origin that differs from the Host.
    """
    given = {name.title(): value for name, value in headers.items()}
    relayed = any(name.startswith(RELAY_HEADERS) for name in given)
    host, origin = given.get("Host"), given.get("Origin")
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    return (
        not relayed
        and (host is None or is_loopback(_host(host)))
        and origin in (None, f"{scheme}://{host}")
    )


def _host(value: str) -> str | None:
    """Return the host in `host:port`."""
    try:
        return urlsplit(f"//{value}").hostname
    except ValueError:
        return None


def is_loopback(address: str | None) -> bool:
    """Whether only this machine can reach a server at `address`; None means all interfaces."""
    if address == "localhost":
        return True
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False


def allowed() -> bool:
    """Whether this server runs its owner's code, and this visitor connects without a relay."""
    return is_loopback(st.get_option("server.address")) and is_here(st.context.headers)


def welcome() -> None:
    """Show the owner the secret, and accept it from a link, if code may run at all."""
    if allowed():
        owner.welcome()


def check(task: Task, source: str) -> Report:
    """Run `source` in the sandbox and check it. Raises NotHere if code may not run."""
    _insist()
    with progress.bar("Running and checking your code in its own process") as report:
        return check_source(task, source, report)


def run(source: str) -> str:
    """Return what `source` prints. Raises AnswerError if it fails, NotHere if it may not run."""
    _insist()
    with progress.bar("Running your code in its own process") as report:
        return run_source(source, report)


def limits() -> str:
    """Describe how learner code is restricted on this machine, in two or three sentences."""
    holds = held()
    sentences = [
        f"It may run for {LIMITS.cpu_seconds} seconds, on a slow machine for up to "
        f"{LIMITS.most_cpu_seconds}, use {LIMITS.memory_bytes / 2**30:g} GB of memory and start no "
        "process."
        if holds.limits
        else "This platform does not enforce every limit; only the time limit is certain."
    ]
    reach = (holds.files, "reading and changing your files"), (holds.processes, "other programs")
    for by_system, holder in ((True, "the system"), (False, "Python alone")):
        if kept := " and from ".join(what for sure, what in reach if sure is by_system):
            sentences.append(f"It is kept from {kept} by {holder}.")
    return " ".join(sentences)


def _insist() -> None:
    if not allowed():
        raise NotHere("This server does not run its visitors' code.")
    if not owner.is_known():
        raise NotHere("This server runs only its owner's code.")
