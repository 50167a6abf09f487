"""Access control for running a learner's code; the app runs code only through this module.

The sandbox limits accidents, not attacks. So code runs only while the server listens on a loopback
address and is reached without a relay, and only for the person who started it: a machine may have
several accounts, and all of them reach that address (ui/exercises/owner.py).
"""

from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

import streamlit as st

from regcore.exercises import (
    LIMITS,
    AnswerError,
    Check,
    Report,
    Task,
    check_source,
    held,
    parsons,
    run_source,
)
from regcore.exercises.grading import MachineError
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
UNTIL_STOPPED = progress.Estimate.words_at_most  # code may be a loop without end


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
    with progress.bar("Checking your code", UNTIL_STOPPED) as report:
        return check_source(task, source, report)


def check_lines(task: Task, order: Sequence[int]) -> Report:
    """Run the lines of the task's own solution in this order, and check them.

    Any visitor may do so, since no line is the visitor's.
    """
    with progress.bar("Checking your order", UNTIL_STOPPED) as report:
        return parsons.check_order(task, order, report)


def run(source: str) -> Report:
    """Run `source` without a check; its errors are in the Report. Raises NotHere as `check`."""
    _insist()
    with progress.bar("Running your code", UNTIL_STOPPED) as report:
        try:
            return Report(Check(True, ""), run_source(source, report))
        except AnswerError as wrong:
            ok = None if isinstance(wrong, MachineError) else False
            return Report(Check(ok, str(wrong)), wrong.printed)


def limits() -> str:
    """Describe how learner code is restricted on this machine, in two or three sentences."""
    holds = held()
    sentences = [
        f"Limits: {LIMITS.cpu_seconds} s of computing (up to {LIMITS.most_cpu_seconds} s on a slow "
        f"machine), {LIMITS.memory_bytes / 2**30:g} GB of memory, no other processes."
        if holds.limits
        else "This platform does not enforce every limit; only the time limit is certain."
    ]
    reach = (
        (holds.files, "reading or changing your files"),
        (holds.processes, "starting other programs"),
    )
    for by_system, holder in ((True, "The system"), (False, "Python alone")):
        if kept := " and from ".join(what for sure, what in reach if sure is by_system):
            sentences.append(f"{holder} keeps it from {kept}.")
    return " ".join(sentences)


def _insist() -> None:
    if not allowed():
        raise NotHere("This server does not run its visitors' code.")
    if not owner.is_known():
        raise NotHere("This server runs only its owner's code.")
