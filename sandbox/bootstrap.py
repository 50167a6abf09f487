"""The process in which a learner's code runs. `sandbox.process` starts it.

It reads requests from standard input, one JSON line each: `[method, ...]`. The first one is
`["ready", setup]`. It writes one line for each answer to a copy of standard output:
`{"value": ...}` or `{"error": "one sentence"}`. The learner's prints go to standard error.
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


def separate_streams() -> tuple[BinaryIO, BinaryIO]:
    """Return streams for requests and answers that the learner's input and print do not use."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    return requests, answers


def load(name: str) -> ModuleType:
    """Import a module of this package without the rest of the project."""
    package = ModuleType("sandbox")
    package.__path__ = [str(HERE)]
    sys.modules["sandbox"] = package
    try:
        return importlib.import_module(f"sandbox.{name}")
    finally:  # hide the package from the learner's code
        for loaded in [name for name in sys.modules if name.partition(".")[0] == "sandbox"]:
            del sys.modules[loaded]


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until the parent closes the request stream."""

    def send(answer: dict[str, Any]) -> None:
        for output in OUTPUTS:
            with contextlib.suppress(Exception):  # the learner may have closed it
                output.flush()
        answers.write(dumps(answer).encode() + b"\n")
        answers.flush()

    try:
        _, setup = loads(requests.readline())
        sys.path[:] = setup["path"]  # the app's path: its packages may be outside its environment
        learner = load("child").confine(setup["limits"])
    except Exception as error:
        send({"error": f"{type(error).__name__}: {error}"})
        return
    send({"value": learner.limits["cpu_seconds"]})
    for line in requests:
        builtins.__dict__.update(BUILTINS)
        send(learner.answer(*loads(line)))


if __name__ == "__main__":
    try:
        serve(*separate_streams())
    finally:
        os._exit(1)  # skip exit handlers that the learner's code registered
