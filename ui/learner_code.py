"""The one door to running a learner's code, and who may go through it.

The sandbox limits accidents; it is no fortress. So code runs only where the learner is the owner
of the machine: while the server listens on a loopback address, and nothing stands in between.
"""

from ipaddress import ip_address

import streamlit as st

from regcore import sandbox
from regcore.exercises import Report, Task, check_source, run_source
from ui.runs import progress

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


class NotHere(Exception):
    """Learner code was asked for on a server that does not run any."""


def is_loopback(address: str | None) -> bool:
    """Whether only this machine can reach a server at `address`; None means everybody can."""
    if address == "localhost":
        return True
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False


def allowed() -> bool:
    """Whether this visitor of this server may run code."""
    relayed = any(name in st.context.headers for name in FORWARDED)
    return is_loopback(st.get_option("server.address")) and not relayed


def check(task: Task, source: str) -> Report:
    """Run `source` in the sandbox and check it. Raises NotHere where code may not run."""
    _insist()
    with progress("Running your code in a process of its own, and checking it") as report:
        return check_source(task, source, report)


def run(source: str) -> str:
    """What `source` prints, or AnswerError. Raises NotHere where code may not run."""
    _insist()
    with progress("Running your code in a process of its own") as report:
        return run_source(source, report)


def limits() -> str:
    """What holds learner code back on this machine, in a sentence."""
    if sandbox.limits_enforced():
        return "It may take 10 seconds, 2 GB and no other process, and it sees no other file."
    return "This platform knows no limits for a process, so only the time is limited."


def _insist() -> None:
    if not allowed():
        raise NotHere("This server does not run code of its visitors.")
