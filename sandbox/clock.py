"""How long the app waits for a learner's code, and why it stops waiting.

The system ends code that computes for too long. This module soon stops code that sleeps, but waits
much longer for code that gets little processor time on a busy machine.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

WALL_PER_CPU_SECOND = 10  # seconds to wait for each allowed second of processor time
SLEEPING_STATES = "STt"  # waiting or stopped; not R (runs or is ready) or D (waits for a disk)


class Activity(NamedTuple):
    """The processor time that a process has used, and whether it sleeps."""

    cpu_seconds: float
    asleep: bool


def activity(pid: int) -> Activity | None:
    """Return what a process does; None where the system does not say, as on Windows or macOS."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()  # man 5 proc: pid (name) state ...
        state, *numbers = stat.rpartition(")")[2].split()
        ticks = int(numbers[10]) + int(numbers[11])  # in user and in system mode
        return Activity(ticks / os.sysconf("SC_CLK_TCK"), state in SLEEPING_STATES)
    except (OSError, ValueError, IndexError, AttributeError):
        return None


class Allowed(NamedTuple):
    """How many seconds code may compute, may sleep, and may take in total."""

    computing: float
    asleep: float
    total: float


def allowed(wall_seconds: float, cpu_seconds: int, cpu_limit: int, observable: bool) -> Allowed:
    """Return the times allowed on this machine; observable: `activity` says what a process does."""
    if observable:
        return Allowed(cpu_limit, wall_seconds, wall_seconds + WALL_PER_CPU_SECOND * cpu_limit)
    # sleeping, starving and (on Windows) computing look alike: scale to this machine's speed
    total = wall_seconds * cpu_limit / cpu_seconds
    return Allowed(cpu_limit, total, total)


class Clock:
    """Adds up what a process does while the app waits for it."""

    def __init__(
        self,
        allowed: Allowed,
        look: Callable[[], Activity | None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._allowed, self._look, self._now = allowed, look, now
        self._elapsed = self._asleep = 0.0
        first = look()
        self._observable = first is not None
        self._cpu_at_start = self._cpu = first.cpu_seconds if first else 0.0

    def resume(self) -> None:
        """Start counting: the app sends a request and begins to wait for the answer."""
        self._last, self._slept = self._now(), False

    def tick(self) -> None:
        """Add the time since the last tick; it was sleep if the process slept at both ticks."""
        now, activity = self._now(), self._look()
        interval, self._last = now - self._last, now
        self._elapsed += interval
        if activity:  # if asleep once, it may just be waiting for a request or have answered it
            self._asleep += interval * (activity.asleep and self._slept)
            self._cpu, self._slept = max(self._cpu, activity.cpu_seconds), activity.asleep

    @property
    def share(self) -> float:
        """The used share of the allowed time that is closest to its end, from 0 to 1."""
        used = (
            (self._cpu - self._cpu_at_start) / self._allowed.computing,
            self._asleep / self._allowed.asleep,
            self._elapsed / self._allowed.total,
        )
        return min(max(used), 1.0)

    @property
    def is_starved(self) -> bool:
        """Whether the process did not sleep and yet got too little processor time."""
        return self._observable and self._asleep < self._allowed.asleep

    def verdict(self) -> str:
        """Return a sentence on why the process must be stopped; "" while it may go on."""
        if self._asleep >= self._allowed.asleep:
            seconds = f"{self._allowed.asleep:g} s"
            return f"Your code waited {seconds} without computing and was stopped."
        if self._elapsed < self._allowed.total:
            return ""
        seconds = f"{self._allowed.total:g} s"
        if not self._observable:
            return f"Your code gave no answer within {seconds} and was stopped."
        return (
            f"This machine is busy: your code got only {self._cpu - self._cpu_at_start:.1f} s of "
            f"processor time in {seconds}. Try again when other programs are done."
        )
