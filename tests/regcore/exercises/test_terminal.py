"""python -m regcore: the starters and checks of the exercises without the app."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from regcore.__main__ import PRINTED_PREFIX, main
from regcore.exercises import TASKS, numbered, read_source
from tests.support import ROOT

STOPPING = numbered(6)
NARROW_ENCODINGS = ("cp1252", "ascii")  # pipes on Windows and old systems
COMMAND = [sys.executable, "-m", "regcore"]
PRINT_UNICODE = "print('λ ½ ✓ 😀 \\x1b[2J \\u2028passed: Correct')\n"


@pytest.fixture
def answer(tmp_path):
    return tmp_path / "my_answer.py"


def environment(**more: object) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)} | {k: str(v) for k, v in more.items()}


def shell(*arguments: object, encoding: str = "utf-8", **options) -> subprocess.CompletedProcess:
    """Run the command in a process with this encoding for its standard streams."""
    options = {"stdout": subprocess.PIPE, "env": environment(PYTHONIOENCODING=encoding)} | options
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, stderr=subprocess.PIPE, check=False, timeout=300, **options)


FOURTH, *OTHERS = list(TASKS.values())[3:]
SLOW = [pytest.param(task, marks=pytest.mark.slow) for task in OTHERS]


@pytest.mark.parametrize("task", [FOURTH, *SLOW], ids=lambda task: task.title)
def test_a_solution_passes_and_the_starter_does_not(task, answer, capsys):
    assert main(["start", str(task.number), str(answer)]) == 0
    assert answer.read_text(encoding="utf-8") == task.starter
    assert "is written" in capsys.readouterr().out
    assert main(["check", str(task.number), str(answer)]) == 1
    assert capsys.readouterr().out.startswith("not passed: ")
    answer.write_text(task.solution, encoding="utf-8")
    assert main(["check", str(task.number), str(answer)]) == 0
    assert capsys.readouterr().out.startswith("passed: Correct")


def test_start_never_overwrites_a_file(answer, capsys):
    answer.write_text("mine", encoding="utf-8")
    for place in (answer, answer.parent, answer.parent / "not there" / "x.py"):
        assert main(["start", "4", str(place)]) == 2
        output = capsys.readouterr()
        assert output.out == "" and output.err.count("\n") == 1 and output.err.endswith(".\n")
    assert answer.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("arguments", [["check", "11", "x"], ["check", "zero", "x"], []])
def test_wrong_arguments_never_pass(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_a_solution_saved_by_powershell_passes(answer, capsys):
    answer.write_bytes(STOPPING.solution.replace("\n", "\r\n").encode("utf-16"))
    assert main(["check", "6", str(answer)]) == 0
    answer.write_bytes(f"# coding: latin-1\n# é\n{STOPPING.solution}\x1a".encode("latin-1"))
    assert main(["check", "6", str(answer)]) == 0
    assert capsys.readouterr().err == ""


# ---- output


@pytest.fixture
def stdout(monkeypatch):
    """Replace standard output by one in a given encoding, and return its bytes."""

    def replace_stdout(encoding: str) -> io.BytesIO:
        written = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding, newline="\n"))
        return written

    return replace_stdout


IMITATIONS = {
    "line": "print('passed: Correct', end='')",
    "return": "print('x\\rpassed: Correct\\r', end='')",
    "backspace": "print('x' + '\\b' * 99 + 'passed: Correct')",
    "escape": "print('\\x1b[2J\\x1b[Hpassed: Correct\\x1b[8m')",
    "separators": "print('\\u2028passed: Correct\\x85\\x0bpassed: Right\\x0c\\u202e')",
    "error stream": "import sys; sys.stderr.write('passed: Correct')",
    "bytes": "import os; os.write(1, b'\\xff\\npassed: Correct\\x1b]0;')",
    "huge": "print('passed: Correct\\n' * 9999)",
    "exception": "raise ValueError('\\r\\npassed: Correct\\x1b[1A')",
    "exception's name": "raise type('\\npassed', (Exception,), {})('Right')",
}


@pytest.mark.parametrize("source", IMITATIONS.values(), ids=IMITATIONS)
def test_printed_lines_are_marked_and_cannot_imitate_a_verdict(source, answer, stdout):
    arrived = stdout("utf-8")
    answer.write_text(source, encoding="utf-8")
    assert main(["check", "6", str(answer)]) == 1
    text = arrived.getvalue().decode()
    *printed, verdict = text.removesuffix("\n").split("\n")
    assert verdict.startswith("not passed: ")
    assert all(line.startswith(PRINTED_PREFIX) for line in printed)
    assert all(line.isprintable() for line in (*printed, verdict))
    assert printed or "raise" in source


@pytest.mark.parametrize(
    "text", ["." * 40 + "passed: Correct", "界" * 20 + "passed", "\t.\t\tpassed"]
)
def test_a_row_that_a_terminal_would_wrap_is_marked(text, answer, stdout, monkeypatch):
    arrived = stdout("utf-8")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "40")
    answer.write_text(f"print({text!r})\nprint()", encoding="utf-8")
    main(["check", "6", str(answer)])
    *printed, _ = arrived.getvalue().decode().splitlines()
    columns = [sum(1 if c.isascii() else 2 for c in line) for line in printed]
    assert max(columns) <= 40 and len(printed) > 2
    kept = "".join(line.removeprefix(PRINTED_PREFIX) for line in printed)
    assert kept == text.expandtabs() and printed[-1] == PRINTED_PREFIX


@pytest.mark.parametrize("encoding", [*NARROW_ENCODINGS, "utf-8", "utf-16"])
def test_output_works_in_any_encoding(encoding, answer, stdout):
    arrived = stdout(encoding)
    answer.write_text(PRINT_UNICODE + "raise ValueError('λ½')", encoding="utf-8")
    assert main(["check", "6", str(answer)]) == 1
    printed, verdict = arrived.getvalue().decode(encoding).splitlines()
    assert printed.startswith(PRINTED_PREFIX) and "passed: Correct" in printed
    assert verdict.startswith("not passed: Line 2: ValueError: ")
    held = "λ½".encode(encoding, "backslashreplace").decode(encoding)
    assert verdict.endswith(held)


@pytest.mark.parametrize("encoding", [*NARROW_ENCODINGS, "utf-8"])
@pytest.mark.parametrize("task", TASKS.values(), ids=lambda task: task.title)
def test_a_starter_is_printed_as_a_file_that_python_reads(task, encoding, stdout):
    arrived = stdout(encoding)
    assert main(["start", str(task.number)]) == 0
    assert arrived.getvalue().decode("utf-8") == task.starter


def test_a_starter_redirected_by_powershell_can_be_read(answer, stdout):
    arrived = stdout("cp1252")
    main(["start", "3"])
    for console in ("cp437", "cp850", "cp1252"):  # decodes UTF-8 as this and writes UTF-16
        answer.write_text(arrived.getvalue().decode(console), encoding="utf-16")
        compile(read_source(answer), "starter", "exec")


# ---- from a shell


@pytest.mark.slow
def test_a_starter_round_trips_through_a_shell(answer):
    with answer.open("wb") as file:
        started = shell("start", 4, encoding="cp1252", stdout=file)
    assert (started.returncode, started.stderr) == (0, b"")
    checked = shell("check", 4, answer, encoding="ascii")
    assert (checked.returncode, checked.stderr) == (1, b"")
    assert checked.stdout.startswith(b"not passed: ")


@pytest.mark.slow
@pytest.mark.parametrize("encoding", NARROW_ENCODINGS)
@pytest.mark.parametrize("task", TASKS.values(), ids=lambda task: task.title)
def test_every_task_works_in_every_narrow_encoding(task, encoding, tmp_path, answer):
    shown = tmp_path / "shown"
    with answer.open("wb") as file:
        assert shell("start", task.number, encoding=encoding, stdout=file).returncode == 0
    for source, code in ((answer.read_text("utf-8"), 1), (task.solution, 0)):
        answer.write_text(PRINT_UNICODE + source, encoding="utf-8")
        into_file = bool(code) == (encoding == "ascii")  # otherwise through a pipe
        if into_file:
            with shown.open("wb") as file:
                done = shell("check", task.number, answer, encoding=encoding, stdout=file)
        else:
            done = shell("check", task.number, answer, encoding=encoding)
        assert (done.returncode, done.stderr) == (code, b"")
        output = shown.read_bytes() if into_file else done.stdout
        *printed, verdict = output.decode(encoding).splitlines()
        assert verdict.startswith("not passed: " if code else "passed: Correct")
        assert printed and all(line.startswith(PRINTED_PREFIX) for line in printed)


def test_a_closed_pipe_is_no_error(answer):
    answer.write_text("print('x\\n' * 9000)", encoding="utf-8")
    for arguments, code in ((("check", 4, answer), 1), (("start", 4), 0)):
        there, back = os.pipe()
        os.close(there)
        done = shell(*arguments, stdout=back)
        os.close(back)
        assert (done.returncode, done.stderr) == (code, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_an_error():
    with Path("/dev/full").open("wb") as full:
        done = shell("start", 4, stdout=full)
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1 and b"No space left" in done.stderr


LOOP = "import os\nopen('pid', 'w').write(str(os.getpid()))\nopen('done', 'w')\nwhile True: pass"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_a_check_and_its_processes(name, answer, tmp_path):
    number = getattr(signal, name)
    answer.write_text(LOOP, encoding="utf-8")
    (tmp_path / "temporary").mkdir()
    checking = subprocess.Popen(
        [*COMMAND, "check", "4", str(answer)],
        env=environment(TMPDIR=tmp_path / "temporary"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        # background jobs of a shell ignore Ctrl-C
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),
    )
    learner = _process_in(tmp_path / "temporary")
    for _ in range(2):  # some users press Ctrl-C twice
        checking.send_signal(number)
    output, _ = checking.communicate(timeout=30)
    assert (checking.returncode, output) == (128 + number, b"")
    assert not list((tmp_path / "temporary").iterdir())
    with pytest.raises(ProcessLookupError):
        os.kill(learner, 0)


def _process_in(folder: Path) -> int:
    """The id of the learner's process, once it runs in a folder below this one."""
    end = time.monotonic() + 60
    while not list(folder.glob("*/folder/done")):
        assert time.monotonic() < end
        time.sleep(0.02)
    (pid,) = folder.glob("*/folder/pid")
    return int(pid.read_text())
