"""How long the app waits for a learner's code, and why it stops waiting.

The system ends code that computes for too long. Code that sleeps is stopped here, soon; code
that the machine does not let compute is waited for much longer.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

PATIENCE = 10  # as many seconds are waited for each second of computing that is allowed
ASLEEP = "STt"  # waiting, or stopped; not R, which runs or wants to, nor D, which waits for a disk


class Activity(NamedTuple):
    """What a process does: the processor time it has used, and whether it sleeps."""

    cpu_seconds: float
    asleep: bool


def activity(pid: int) -> Activity | None:
    """Look at a process; None where the system does not tell, as on Windows or macOS."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()  # man 5 proc: pid (name) state ...
        state, *numbers = stat.rpartition(")")[2].split()
        ticks = int(numbers[10]) + int(numbers[11])  # in user and in system mode
        return Activity(ticks / os.sysconf("SC_CLK_TCK"), state in ASLEEP)
    except (OSError, ValueError, IndexError, AttributeError):
        return None


@dataclass(frozen=True)
class Allowed:
    """Seconds that are waited for code that computes, that sleeps, and for any code at all."""

    computing: float
    asleep: float
    total: float


def allowed(wall_seconds: float, cpu_seconds: int, cpu_limit: int, seen: bool) -> Allowed:
    """What is allowed where `cpu_limit`, at least `cpu_seconds`, is the limit of this machine.

    seen tells whether the system says what a process does. Where it does not, sleeping, starving
    and, on Windows, computing look alike, and only a clock that fits the machine's speed is left.
    """
    if seen:
        return Allowed(cpu_limit, wall_seconds, wall_seconds + PATIENCE * cpu_limit)
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
        self._seen = first is not None
        self._cpu_at_start = self._cpu = first.cpu_seconds if first else 0.0

    def resume(self) -> None:
        """Count from now on: the app asks, and begins to wait for the answer."""
        self._last, self._slept = self._now(), False

    def tick(self) -> None:
        """Count the time since the last tick, as sleep if the process sleeps now and slept then.

        Seen once, it may only wait for a request that is on its way, or have answered it.
        """
        now, seen = self._now(), self._look()
        interval, self._last = now - self._last, now
        self._elapsed += interval
        if seen:
            self._asleep += interval * (seen.asleep and self._slept)
            self._cpu, self._slept = max(self._cpu, seen.cpu_seconds), seen.asleep

    @property
    def share(self) -> float:
        """How much of what is allowed is used, of that which will be used up first: 0 to 1."""
        used = (
            (self._cpu - self._cpu_at_start) / self._allowed.computing,
            self._asleep / self._allowed.asleep,
            self._elapsed / self._allowed.total,
        )
        return min(max(used), 1.0)

    def verdict(self) -> str:
        """Why the process has to be stopped, in a sentence; "" while it may go on."""
        if self._asleep >= self._allowed.asleep:
            seconds = f"{self._allowed.asleep:g} s"
            return f"Your code waited {seconds} without computing and was stopped."
        if self._elapsed < self._allowed.total:
            return ""
        seconds = f"{self._allowed.total:g} s"
        if not self._seen:
            return f"Your code gave no answer within {seconds} and was stopped."
        return (
            f"This machine is busy: your code got only {self._cpu - self._cpu_at_start:.1f} s of "
            f"processor time in {seconds}. Try again when other programs are done."
        )
