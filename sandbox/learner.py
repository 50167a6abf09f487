"""The learner's module inside its process, and the one sentence for whatever it does wrong.

Loaded by `sandbox.child` only, before the learner's first line.
"""

import builtins
import errno
import io
import linecache
import os
import re
import signal
import sys
import warnings
from importlib.util import spec_from_file_location
from pathlib import Path
from traceback import walk_tb
from types import FrameType, ModuleType, TracebackType
from typing import Any, NoReturn

from sandbox import audit_hook, codec, landlock, seccomp
from sandbox.limits import MOST_DESCRIPTORS, end_with_parent, leave_root, set_limits
from sandbox.speed import cpu_limit

PROJECT = Path(__file__).resolve().parents[1]
LESSON = PROJECT / "regcore"  # the one package of the project that learners import
LEARNER_FILE = "my_answer.py"
MOST_SAID = 1000
BUILTINS = dict(vars(builtins))
CUT_SHORT = re.compile(r"\d+ requested and \d+ written")  # what NumPy says instead of an errno
TOO_DEEP = "an expression is nested too deeply for Python to read"
NO_DEBUGGER = "nobody is here to type to the debugger; take breakpoint() or pdb out"


class Told(Exception):
    """An error whose message is the whole sentence."""


class OutOfTime(BaseException):
    """The processor time is used up."""


class Learner:
    """The learner's module, and the requests that it answers."""

    def __init__(self, limits: dict[str, Any]) -> None:
        self.limits = limits
        self.module = ModuleType("my_answer")
        self.reserve = [bytearray(2**24)]  # lets an error be told when memory has run out

    def run(self, source: str) -> None:
        """Execute the learner's source; a block under `if __name__ == "__main__"` is left out."""
        sys.modules["__main__"] = sys.modules["my_answer"] = self.module
        code = _compiled(source)
        lines = io.StringIO(source, newline=None).readlines()  # a form feed ends no line
        linecache.cache[LEARNER_FILE] = (len(source), None, lines, LEARNER_FILE)  # for warnings
        exec(code, vars(self.module))

    def function(self, name: str) -> None:
        """Answer that there is such a function."""
        if not callable(self._find(name)):
            kind = codec.name_of(type(self._find(name)))
            raise Told(f"{name} is no function in your code, but {codec.a(kind)}.")

    def value(self, name: str) -> Any:
        """Return a variable, encoded."""
        return self._encode(self._find(name), f"{name} is")

    def call(self, name: str, *args: Any) -> Any:
        """Return what the function returns, encoded."""
        args = codec.decode(list(args), generators=True)
        return self._encode(self._find(name)(*args), f"{name} returned")

    def _find(self, name: str) -> Any:
        if name not in vars(self.module):
            raise Told(f"Your code does not define {name}.")
        return vars(self.module)[name]

    def _encode(self, value: Any, said: str) -> Any:
        try:
            return codec.encode(value, self.limits["result_bytes"])
        except codec.NotPlain as error:
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
            said = f"{codec.name_of(type(error))}, which cannot be shown"
        if type(error) is Told:
            return said
        said = said[:MOST_SAID]
        return f"Line {line}: {said}" if line else said[:1].upper() + said[1:]

    def _say(self, error: BaseException) -> str:
        match error:
            case Told() | audit_hook.Forbidden():
                return str(error)
            case SystemExit():
                return "your code called sys.exit; an exercise has to run to its end"
            case OutOfTime():
                seconds = self.limits["cpu_seconds"]
                return f"still running after {seconds} s of computing; is there a loop without end?"
            case MemoryError() if "too complex" in str(error):
                return TOO_DEEP
            case MemoryError():
                gib = self.limits["memory_bytes"] / 2**30
                return f"out of memory; your code may use {gib:.3g} GiB"
            case EOFError():
                return "nobody is here to answer input(); use what the function is given"
            case BlockingIOError():
                return "your code tried to start a process; an exercise may not"
            case PermissionError():
                return f"your code tried what the system forbids an exercise ({error})"
            case OSError():
                return self._say_os_error(error)
        name = codec.name_of(type(error))
        return NO_DEBUGGER if name == "BdbQuit" else f"{name}: {error}".removesuffix(": ")

    def _say_os_error(self, error: OSError) -> str:
        number = error.errno
        if number is None and CUT_SHORT.search(str(error)):
            number = errno.EFBIG if _room_left() else errno.ENOSPC
        match number:
            case errno.EFBIG:
                return f"more than {self.limits['file_bytes'] / 2**20:.3g} MiB in one file"
            case errno.ENOSPC | errno.EDQUOT:
                return "this machine's disk is full, which is no fault of your code"
            case errno.ENFILE:
                return "this machine has too many files open, which is no fault of your code"
            case errno.EMFILE:
                return f"more than {MOST_DESCRIPTORS} files open at once"
        return f"{codec.name_of(type(error))}: {error}"


def _room_left() -> bool:
    return not hasattr(os, "statvfs") or os.statvfs(".").f_bavail > 0


def _compiled(source: str) -> Any:
    try:
        return compile(source, LEARNER_FILE, "exec", dont_inherit=True)
    except SyntaxError as error:
        text = f": `{error.text.strip()}`" if error.text else ""
        raise Told(f"Line {error.lineno}: {error.msg}{text}") from None
    except (MemoryError, RecursionError):  # a source of this size does not use up memory
        raise Told(f"Your code does not run: {TOO_DEEP}.") from None


def line_of(trace: TracebackType | None) -> int | None:
    """Return the line of the learner's source that the deepest of its frames had reached."""
    deepest = None
    for frame, line in walk_tb(trace):  # no list: there may be millions, and no memory
        if frame.f_code.co_filename == LEARNER_FILE:
            deepest = line
    return deepest


def out_of_time(number: int, frame: FrameType | None) -> None:
    """Handle SIGXCPU once, in learner's code; what catches even this is killed 1 s later."""
    while frame and frame.f_code.co_filename != LEARNER_FILE:
        frame = frame.f_back
    if frame:
        signal.signal(number, signal.SIG_IGN)
        raise OutOfTime


class Lesson:
    """Finds regcore for `import regcore`; the project's folder, where it lies, is not listed."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> Any:
        """Return where the package is; None for any other."""
        return (
            spec_from_file_location(name, LESSON / "__init__.py") if name == LESSON.name else None
        )


def shut(limits: dict[str, Any]) -> Learner:
    """Give up root, set the limits, and forbid what reaches beyond the working folder."""
    seconds = cpu_limit(limits["cpu_seconds"], limits["most_cpu_seconds"])
    folder, libraries = str(Path.cwd()), _libraries()
    if hasattr(signal, "SIGXCPU"):
        signal.signal(signal.SIGXCPU, out_of_time)
    version = landlock.abi()
    leave_root(folder, libraries, confined=version > 0 and seccomp.available())
    end_with_parent()  # becoming nobody would undo it
    set_limits(seconds, limits["memory_bytes"], limits["file_bytes"])
    landlock.confine(folder, [*libraries, *audit_hook.SYSTEM])
    seccomp.refuse_calls(truncate=version < 3)
    _quiet()
    audit_hook.guard(folder, libraries, LEARNER_FILE)
    return Learner(limits | {"cpu_seconds": seconds})


def _libraries() -> list[str]:
    prefixes, parts = (sys.prefix, sys.base_prefix), ("lib", "lib64", "DLLs", "pyvenv.cfg")
    return [
        *sys.path,
        *(str(Path(prefix) / part) for prefix in prefixes for part in parts),
        str(LESSON),
        str(PROJECT / "data"),
    ]


def _quiet() -> None:
    """Let the learner see no trace of how the process was made, nor of what a refusal leaves."""
    sys.argv[:] = [LEARNER_FILE]
    sys.meta_path.append(Lesson)  # type: ignore[arg-type]
    sys.breakpointhook = _refuse_debugger
    sys.unraisablehook = _tell_of_learners_own
    # asyncio cannot run
    warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)


def _refuse_debugger(*args: Any, **options: Any) -> NoReturn:
    raise audit_hook.Forbidden(NO_DEBUGGER)


def _tell_of_learners_own(unraisable: Any) -> None:
    """Show what a __del__ raises only if the learner wrote it."""
    if line_of(unraisable.exc_traceback):
        sys.__unraisablehook__(unraisable)
