"""The checks of the exercises in a terminal: python -m regcore check 4 my_answer.py."""

import argparse
import sys
from pathlib import Path

from regcore.exercises import TASKS, check_source


def main(arguments: list[str] | None = None) -> int:
    """Check a file against a task, or write its starter. Returns 0 only for a right answer."""
    asked = _parser().parse_args(arguments)
    task = TASKS[asked.number - 1]
    if asked.command == "start":
        print(task.starter, end="")
        return 0
    try:
        source = asked.file.read_text(encoding="utf-8-sig")  # as Windows editors save it
    except (OSError, UnicodeDecodeError) as error:
        print(f"{asked.file} cannot be read: {error}.", file=sys.stderr)
        return 2
    report = check_source(task, source)
    print(report.printed, end="")
    print(f"{'passed' if report.check.ok else 'not passed'}: {report.check.message}")
    return 0 if report.check.ok else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m regcore", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, meaning in (("check", "check a file"), ("start", "print the starter of a task")):
        command = commands.add_parser(name, help=meaning)
        command.add_argument("number", type=int, choices=range(1, len(TASKS) + 1))
        if name == "check":
            command.add_argument("file", type=Path)
    return parser


if __name__ == "__main__":
    sys.exit(main())
