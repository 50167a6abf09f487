"""The process in which a learner's code runs. `regcore.sandbox` starts it; see there.

Standard input brings one JSON line for each request, `[what, ...]`; a copy of standard output
takes one line for each answer, `{"value": ...}` or `{"error": "one sentence"}`. What the
learner's code prints goes to standard error.
"""

import builtins
import contextlib
import errno
import importlib
import linecache
import os
import signal
import sys
from json import dumps, loads
from pathlib import Path
from traceback import walk_tb
from types import FrameType, ModuleType, TracebackType
from typing import Any, BinaryIO

HERE = Path(__file__).resolve().parent
LEARNER_FILE = "my_answer.py"
MOST_SAID = 1000


def beside(name: str) -> ModuleType:
    """Import a file of regcore without regcore: pandas and scikit-learn take seconds."""
    sys.path.insert(0, str(HERE))
    try:
        return importlib.import_module(name)
    finally:
        del sys.path[0], sys.modules[name]  # out of the learner's sight


rules, speed, wire = beside("sandbox_rules"), beside("sandbox_speed"), beside("wire")
BUILTINS = dict(vars(builtins))
OUTPUTS = (sys.stdout, sys.stderr)


class Told(Exception):
    """An error whose message is the whole sentence."""


class OutOfTime(BaseException):
    """The processor time is used up."""


class Learner:
    """The learner's module, and the requests that it answers."""

    def __init__(self, limits: dict[str, int]) -> None:
        self.limits = limits
        self.module = ModuleType("my_answer")
        self.reserve = [bytearray(2**24)]  # lets an error be told when memory has run out

    def ready(self) -> int:
        """Answer that the process has been set up, and how many seconds it may compute."""
        return self.limits["cpu_seconds"]

    def run(self, source: str) -> None:
        """Execute the learner's source; a block under `if __name__ == "__main__"` is left out."""
        sys.modules["__main__"] = sys.modules["my_answer"] = self.module
        try:
            code = compile(source, LEARNER_FILE, "exec", dont_inherit=True)
        except SyntaxError as error:
            text = f": `{error.text.strip()}`" if error.text else ""
            raise Told(f"Line {error.lineno}: {error.msg}{text}") from None
        lines = source.splitlines(keepends=True)
        linecache.cache[LEARNER_FILE] = (len(source), None, lines, LEARNER_FILE)  # for warnings
        exec(code, vars(self.module))

    def function(self, name: str) -> None:
        """Answer that there is such a function."""
        if not callable(self._find(name)):
            kind = wire.name_of(type(self._find(name)))
            raise Told(f"{name} is no function in your code, but {wire.a(kind)}.")

    def value(self, name: str) -> Any:
        """Return a variable, encoded."""
        return self._encode(self._find(name), f"{name} is")

    def call(self, name: str, *args: Any) -> Any:
        """Return what the function returns, encoded."""
        args = wire.decode(list(args), generators=True)
        return self._encode(self._find(name)(*args), f"{name} returned")

    def _find(self, name: str) -> Any:
        if name not in vars(self.module):
            raise Told(f"Your code does not define {name}.")
        return vars(self.module)[name]

    def _encode(self, value: Any, said: str) -> Any:
        try:
            return wire.encode(value, self.limits["result_bytes"])
        except wire.NotPlain as error:
            raise Told(f"{said} {error}.") from None

    def answer(self, what: str, *args: Any) -> dict[str, Any]:
        """Do what is asked; whatever goes wrong becomes one sentence."""
        try:
            return {"value": getattr(self, what)(*args)}
        except BaseException as error:
            self.reserve.clear()
            builtins.__dict__.update(BUILTINS)
            return {"error": self._tell(error)}

    def _tell(self, error: BaseException) -> str:
        line = line_of(sys.exc_info()[2])
        try:
            said = self._say(error)
        except BaseException:  # a learner's exception whose own methods fail
            said = f"{wire.name_of(type(error))}, which cannot be shown"
        if type(error) is Told:
            return said
        said = said[:MOST_SAID]
        return f"Line {line}: {said}" if line else said[:1].upper() + said[1:]

    def _say(self, error: BaseException) -> str:
        match error:
            case Told() | rules.Forbidden():
                return str(error)
            case SystemExit():
                return "your code called sys.exit; an exercise has to run to its end"
            case OutOfTime():
                seconds = self.limits["cpu_seconds"]
                return f"still running after {seconds} s of computing; is there a loop without end?"
            case MemoryError():
                gib = self.limits["memory_bytes"] / 2**30
                return f"out of memory; your code may use {gib:.3g} GiB"
            case EOFError():
                return "nobody is here to answer input(); use what the function is given"
            case BlockingIOError():
                return "your code tried to start a process; an exercise may not"
            case OSError(errno=errno.EFBIG):
                return f"more than {self.limits['file_bytes'] / 2**20:.3g} MiB in one file"
        return f"{wire.name_of(type(error))}: {error}".removesuffix(": ")


def line_of(trace: TracebackType | None) -> int | None:
    """Return the line of the learner's source that the deepest of its frames had reached."""
    deepest = None
    for frame, line in walk_tb(trace):  # no list: there may be millions, and no memory
        if frame.f_code.co_filename == LEARNER_FILE:
            deepest = line
    return deepest


def take_the_line() -> tuple[BinaryIO, BinaryIO]:
    """Move requests and answers to descriptors of their own, out of the way of input and print."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, answers


def out_of_time(number: int, frame: FrameType | None) -> None:
    """Handle SIGXCPU once, in learner's code; what catches even this is killed 1 s later."""
    while frame and frame.f_code.co_filename != LEARNER_FILE:
        frame = frame.f_back
    if frame:
        signal.signal(number, signal.SIG_IGN)
        raise OutOfTime


def shut_the_room(limits: dict[str, int]) -> None:
    """Give up root, set the limits, and forbid what reaches beyond the working folder."""
    folder, project = str(Path.cwd()), str(HERE.parent)
    libraries = [*sys.path, sys.prefix, sys.base_prefix, str(HERE), str(HERE.parent / "data")]
    sys.path.append(project)
    if hasattr(signal, "SIGXCPU"):
        signal.signal(signal.SIGXCPU, out_of_time)
    rules.leave_root(folder, libraries)
    rules.end_with_parent()  # becoming nobody would undo it
    rules.set_limits(limits["cpu_seconds"], limits["memory_bytes"], limits["file_bytes"])
    rules.guard(folder, libraries, project, LEARNER_FILE)


def serve(learner: Learner, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer each request in turn, until the parent closes the line."""
    for line in requests:
        builtins.__dict__.update(BUILTINS)
        answer = learner.answer(*loads(line))
        for output in OUTPUTS:
            with contextlib.suppress(Exception):  # the learner may have closed it
                output.flush()
        answers.write(dumps(answer).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    requests, answers = take_the_line()
    limits = loads(sys.argv[1])
    limits["cpu_seconds"] = speed.cpu_limit(limits["cpu_seconds"], limits["most_cpu_seconds"])
    shut_the_room(limits)
    try:
        serve(Learner(limits), requests, answers)
    finally:
        os._exit(1)  # whatever the learner has left to be done at exit
