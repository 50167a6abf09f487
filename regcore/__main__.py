"""The exercises in a terminal: start 4 my_answer.py, then check 4 my_answer.py."""

import argparse
import errno
import io
import signal
import sys
from pathlib import Path
from shutil import get_terminal_size
from types import FrameType

from regcore.exercises import TASKS, Task, Unreadable, check_source, numbered, read_source

THEIRS = "your code printed | "
ENDINGS = [  # Ctrl-C, kill, a closed window, Ctrl-Break: no system has them all
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    if hasattr(signal, name)
]
READER_GONE = (errno.EPIPE, errno.EINVAL)  # the second is how Windows says it


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return 0 for success, which for `check` is a right answer.

    Returns 1 for a wrong answer and 2 for a file that cannot be read or written.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):  # Windows gives a pipe cp1252, which has no λ
        sys.stdout.reconfigure(errors="backslashreplace")
    asked = _parser().parse_args(arguments)
    task = numbered(asked.number)
    try:
        if asked.command == "check":
            return _check(task, asked.file)
        return _write_starter(task, asked.file) if asked.file else _print_starter(task)
    except Unreadable as error:
        problem = str(error)
    except OSError as error:
        problem = f"The system refused to go on: {error.strerror or error}."
    print(_one_line(problem), file=sys.stderr)
    return 2


def _check(task: Task, file: Path) -> int:
    report = check_source(task, read_source(file))
    verdict = f"{'passed' if report.check.ok else 'not passed'}: {report.check.message}"
    _write(_marked(report.printed) + _one_line(verdict) + "\n")
    return 0 if report.check.ok else 1


def _print_starter(task: Task) -> int:
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8")  # as Python reads its files
    _write(task.starter)
    return 0


def _write_starter(task: Task, file: Path) -> int:
    try:
        with file.open("x", encoding="utf-8") as new:
            new.write(task.starter)
    except FileExistsError:
        problem = "exists already; start writes new files only"
    except OSError as error:
        problem = f"cannot be written: {error.strerror}"
    else:
        _write(_one_line(f"{file} is written: the starter of task {task.number}.") + "\n")
        return 0
    raise Unreadable(f"{file} {problem}.")


def _marked(printed: str) -> str:
    """Mark each line as the learner's, so that none passes for the verdict."""
    rows = [row for line in printed.splitlines() for row in _rows(line)]
    return "".join(f"{THEIRS}{row}\n" for row in rows)


def _rows(line: str) -> list[str]:
    """Cut a line as a terminal would wrap it; a row that it wraps itself would have no mark."""
    if not (sys.stdout and sys.stdout.isatty()):
        return [line]
    line = line.expandtabs()
    room = get_terminal_size().columns - len(THEIRS)
    room = max(1, room if line.isascii() else room // 2)  # a character may be two columns wide
    return [line[at : at + room] for at in range(0, max(1, len(line)), room)]


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _write(text: str) -> None:
    """Write to standard output; a reader who has left, such as `head`, is no error."""
    try:
        print(text, end="", flush=True)
    except OSError as error:
        if error.errno not in READER_GONE:
            raise


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m regcore", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="check a file")
    start = commands.add_parser("start", help="write the starter of a task to a new file")
    for command in (check, start):
        command.add_argument("number", type=int, choices=[task.number for task in TASKS.values()])
    check.add_argument("file", type=Path)
    start.add_argument("file", type=Path, nargs="?", help="without it, the starter is printed")
    return parser


def _end_in_order() -> None:
    """Let signals unwind the stack, so that the sandbox removes its process and its folder."""
    for number in ENDINGS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, _end)


def _end(number: int, frame: FrameType | None) -> None:
    for other in ENDINGS:  # the second Ctrl-C would interrupt the tidying
        signal.signal(other, signal.SIG_IGN)
    raise SystemExit(128 + number)


if __name__ == "__main__":
    _end_in_order()
    sys.exit(main())
