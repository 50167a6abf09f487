"""The process in which a learner's code runs. `sandbox.process` starts it; see there.

Standard input brings one JSON line for each request, `[what, ...]`, the first of which is
`["ready", setup]`; a copy of standard output takes one line for each answer, `{"value": ...}` or
`{"error": "one sentence"}`. What the learner's code prints goes to standard error.
"""

import builtins
import contextlib
import importlib
import os
import sys
from json import dumps, loads
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

HERE = Path(__file__).resolve().parent
BUILTINS = dict(vars(builtins))
OUTPUTS = (sys.stdout, sys.stderr)


def take_the_line() -> tuple[BinaryIO, BinaryIO]:
    """Move requests and answers to descriptors of their own, out of the way of input and print."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, answers


def load(name: str) -> ModuleType:
    """Import a module of this package without the rest of the project."""
    package = ModuleType("sandbox")
    package.__path__ = [str(HERE)]
    sys.modules["sandbox"] = package
    try:
        return importlib.import_module(f"sandbox.{name}")
    finally:  # out of the learner's sight
        for loaded in [name for name in sys.modules if name.partition(".")[0] == "sandbox"]:
            del sys.modules[loaded]


def learner(what: str, setup: dict[str, Any]) -> Any:
    """Return what answers the requests, in a process that has been shut."""
    sys.path[:] = setup["path"]  # the app's: its packages may lie outside of its environment
    return load("learner").shut(setup["limits"])


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer each request in turn, until the parent closes the line."""

    def send(answer: dict[str, Any]) -> None:
        for output in OUTPUTS:
            with contextlib.suppress(Exception):  # the learner may have closed it
                output.flush()
        answers.write(dumps(answer).encode() + b"\n")
        answers.flush()

    try:
        code = learner(*loads(requests.readline()))
    except Exception as error:
        send({"error": f"{type(error).__name__}: {error}"})
        return
    send({"value": code.limits["cpu_seconds"]})
    for line in requests:
        builtins.__dict__.update(BUILTINS)
        send(code.answer(*loads(line)))


if __name__ == "__main__":
    try:
        serve(*take_the_line())
    finally:
        os._exit(1)  # whatever the learner has left to be done at exit
