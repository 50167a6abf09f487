"""A machine that cannot run an answer says so, and gives no verdict on it."""

from contextlib import contextmanager

import pytest

import sandbox
from regcore.__main__ import main
from regcore.exercises import check_source, numbered
from sandbox.process import MachineBusy

BUSY = "This machine is busy: your code got only 0.1 s of processor time in 9 s."


class Starved:
    """A learner's module whose functions get no processor time."""

    printed = ""

    def function(self, name):
        def call(*args):
            raise MachineBusy(BUSY)

        return call


@pytest.fixture(params=["start", "call"])
def busy(request, monkeypatch):
    @contextmanager
    def running(source, **options):
        if request.param == "start":
            raise MachineBusy(BUSY)
        yield Starved()

    monkeypatch.setattr(sandbox, "running", running)


@pytest.mark.parametrize("number", [4, 6])
def test_a_busy_machine_gives_no_verdict(busy, number):
    check = check_source(numbered(number), "").check
    assert check.ok is None
    assert check.message == BUSY


def test_the_terminal_says_not_checked(busy, tmp_path, capsys):
    (tmp_path / "answer.py").write_text("")
    assert main(["check", "4", str(tmp_path / "answer.py")]) == 2
    assert capsys.readouterr().out == f"not checked: {BUSY}\n"
