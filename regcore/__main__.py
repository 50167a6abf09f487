"""The exercises in a terminal: start 4 my_answer.py, then check 4 my_answer.py."""

import argparse
import errno
import io
import signal
import sys
from pathlib import Path
from shutil import get_terminal_size
from types import FrameType

from regcore.checks import one_line
from regcore.exercises import TASKS, Task, Unreadable, check_source, numbered, read_source

VERDICTS = {True: ("passed", 0), False: ("not passed", 1), None: ("not checked", 2)}
PRINTED_PREFIX = "your code printed | "
END_SIGNALS = [  # Ctrl-C, kill, a closed window, Ctrl-Break; no system has all of them
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    if hasattr(signal, name)
]
CLOSED_PIPE = (errno.EPIPE, errno.EINVAL)  # Windows reports EINVAL


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return 0 for success, which for `check` is a right answer.

    Returns 1 for a wrong answer, and 2 where nothing was checked, read or written.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):  # on Windows a pipe is cp1252, which lacks λ
        sys.stdout.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    task = numbered(options.number)
    try:
        if options.command == "check":
            return _check(task, options.file)
        return _write_starter(task, options.file) if options.file else _print_starter(task)
    except Unreadable as error:
        problem = str(error)
    except OSError as error:
        problem = f"The system refused to go on: {error.strerror or error}."
    print(one_line(problem), file=sys.stderr)
    return 2


def _check(task: Task, file: Path) -> int:
    report = check_source(task, read_source(file))
    verdict, status = VERDICTS[report.check.ok]
    _write(_marked(report.printed) + one_line(f"{verdict}: {report.check.message}") + "\n")
    return status


def _print_starter(task: Task) -> int:
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8")  # the encoding in which Python reads source files
    _write(task.starter)
    return 0


def _write_starter(task: Task, file: Path) -> int:
    try:
        with file.open("x", encoding="utf-8") as new:
            new.write(task.starter)
    except FileExistsError:
        raise Unreadable(f"{file} exists already; start writes new files only.") from None
    except OSError as error:
        raise Unreadable(f"{file} cannot be written: {error.strerror}.") from None
    _write(one_line(f"{file} is written: the starter of task {task.number}.") + "\n")
    return 0


def _marked(printed: str) -> str:
    """Prefix each line that the learner printed, so that none looks like the verdict."""
    rows = [row for line in printed.splitlines() for row in _rows(line)]
    return "".join(f"{PRINTED_PREFIX}{row}\n" for row in rows)


def _rows(line: str) -> list[str]:
    """Wrap a line to the terminal's width, so that each row gets a prefix."""
    if not (sys.stdout and sys.stdout.isatty()):
        return [line]
    line = line.expandtabs()
    width = get_terminal_size().columns - len(PRINTED_PREFIX)
    width = max(1, width if line.isascii() else width // 2)  # a character may take two columns
    return [line[at : at + width] for at in range(0, max(1, len(line)), width)]


def _write(text: str) -> None:
    """Write to standard output; ignore a closed pipe, e.g. after `head`."""
    try:
        print(text, end="", flush=True)
    except OSError as error:
        if error.errno not in CLOSED_PIPE:
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


def _exit_on_signals() -> None:
    """Raise SystemExit on signals, so that the sandbox removes its process and its folder."""
    for number in END_SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup ignores SIGHUP
            signal.signal(number, _exit)


def _exit(number: int, frame: FrameType | None) -> None:
    for other in END_SIGNALS:  # a second Ctrl-C would interrupt the cleanup
        signal.signal(other, signal.SIG_IGN)
    raise SystemExit(128 + number)


if __name__ == "__main__":
    _exit_on_signals()
    sys.exit(main())
