"""python -m regcore: the checks of the exercises without the app."""

import subprocess
import sys

import pytest

from regcore.__main__ import main
from regcore.exercises import TASKS
from tests.apps import ROOT


@pytest.fixture
def answer(tmp_path):
    return tmp_path / "my_answer.py"


@pytest.mark.parametrize("task", TASKS[3:], ids=lambda task: task.title)
def test_a_solution_passes_and_the_starter_as_it_is_printed_does_not(task, answer, capsys):
    answer.write_text(task.solution, encoding="utf-8")
    assert main(["check", str(task.number), str(answer)]) == 0
    assert capsys.readouterr().out.startswith("passed: Right")
    main(["start", str(task.number)])
    answer.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["check", str(task.number), str(answer)]) == 1
    assert capsys.readouterr().out.startswith("not passed: ")


def test_from_a_shell_what_is_printed_comes_before_the_verdict(answer):
    answer.write_text("print('hello')\n" + TASKS[5].solution, encoding="utf-8")
    command = [sys.executable, "-m", "regcore", "check", "6", str(answer)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stdout.startswith("hello\npassed: Right")


def test_a_file_that_cannot_be_read_is_no_pass(answer, capsys):
    assert main(["check", "4", str(answer)]) == 2
    answer.write_bytes(b"\xff\xfe\x00")
    assert main(["check", "4", str(answer)]) == 2
    assert "cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["check", "9", "x"], ["check", "zero", "x"], []])
def test_wrong_arguments_are_no_pass(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert "usage" in capsys.readouterr().err
