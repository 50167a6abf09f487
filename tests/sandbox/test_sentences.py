"""A learner reads all that the code printed, and one true sentence."""

import errno
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import sandbox
from sandbox import AnswerError, Limits, code, process
from sandbox.clock import Allowed
from sandbox.process import translate_system_errors
from tests.support import ROOT

pytestmark = pytest.mark.slow
linux = pytest.mark.skipif(sys.platform != "linux", reason="the system enforces no limits")
QUICK = Limits(wall_seconds=2, cpu_seconds=1, most_cpu_seconds=1)
ENDS = {
    "sleep": "import time; time.sleep(60)",
    "_exit": "import os; os._exit(0)",
    "kill": "import os; exec('import os; os.abort()')",
    "crash": "exec('import ctypes; ctypes.string_at(0)')",
    "C loop": "sum(range(10**12))",
    "product": "import numpy as np; a = np.ones((999, 999))\n    while True: a @ a",
    "stack": "import sys; sys.setrecursionlimit(10**9); g = lambda x: sorted([x], key=g); g(1)",
    "stubborn": "while True:\n     try:\n      while True: pass\n     except BaseException: pass",
}


def run_failing(source, limits=QUICK):
    """Run the source, call its f, and return the sentence and the printed text."""
    with pytest.raises(AnswerError) as caught, sandbox.running(source, limits) as code:
        code.function("f")()
    sentence = str(caught.value)
    assert sentence.isprintable() and 10 < len(sentence) <= 300
    return sentence, caught.value.printed


@linux
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_printed_text_is_shown_however_the_code_ends(end):
    source = f"print('one')\ndef f():\n    print('two'); print('three', end='')\n    {end}"
    assert run_failing(source)[1].startswith("one\ntwo\nthree")


@linux
def test_many_prints_are_cheap():
    source = """
        import time
        start = time.process_time()
        for number in range(90_000): print(number)
        used = time.process_time() - start
    """
    with sandbox.running(textwrap.dedent(source)) as code:
        assert code.value("used") < 2  # 0.2 s on an idle machine


MISLEADING = {
    "asyncio": (
        "import asyncio\nasync def g(): pass\nasyncio.run(g())",
        "Line 3: your code tried to run asyncio, which needs a socket; an exercise may not",
    ),
    "np.save": (
        "import numpy as np\nnp.save('x', np.ones(400_000))",
        "Line 2: more than 1 MiB in one file",
    ),
    "tofile": (
        "import numpy as np\nnp.ones(400_000).tofile('x')",
        "Line 2: more than 1 MiB in one file",
    ),
    "breakpoint": (
        "x = 1\nbreakpoint()",
        "Line 2: nobody is here to type to the debugger; take breakpoint() or pdb out",
    ),
    "minus": (
        "x = " + "-" * 19_000 + "1",
        "Your code does not run: an expression is nested too deeply for Python to read.",
    ),
    "descriptors": (
        "files = [open('x', 'w') for _ in range(99)]",
        "Line 1: more than 64 files open at once",
    ),
    "disk": (
        "import errno\nraise OSError(errno.ENOSPC, 'No space left on device')",
        "Line 2: this machine's disk is full, which is no fault of your code",
    ),
    "form feed": ("x = 1\n\x0c\n1 / 0", "Line 3: ZeroDivisionError: division by zero"),
}


@linux
@pytest.mark.parametrize(("source", "sentence"), MISLEADING.values(), ids=MISLEADING)
def test_each_sentence_is_true_and_nothing_else_is_printed(source, sentence):
    assert run_failing(source) == (sentence, "")


@linux
def test_pdb_gets_the_sentence_of_breakpoint():
    sentence, _ = run_failing("import pdb\npdb.set_trace()\nx = 1")
    assert "debugger" in sentence or "sys.exit" in sentence  # in Python 3.14, pdb calls sys.exit


RIGHT = {
    "argv": "import sys\nprint(sys.argv)",
    "argparse": """
        import argparse
        argparse.ArgumentParser().parse_args()
        print(['my_answer.py'])
    """,
    "descriptor": """
        import os, sys
        with open('x', 'w+') as file:
            file.write('words'); file.flush()
            os.ftruncate(file.fileno(), 2); os.utime(file.fileno()); os.chmod(file.fileno(), 0o600)
            file.seek(0)
            print([file.read() and 'my_answer.py'])
    """,
    "files": """
        import shutil, pathlib
        pathlib.Path('a').touch(); pathlib.Path('a').touch()
        shutil.copy('a', 'b'); shutil.copy2('a', 'c'); pathlib.Path('d').mkdir()
        shutil.copytree('d', 'e'); pathlib.Path('a').chmod(0o600)
        print(['my_answer.py'][: pathlib.Path('a').exists()])
    """,
    "mark": "\ufeffprint(['my_answer.py'])",
    "mark below": "x = 1\n\ufeffprint(['my_answer.py'])",
}


@pytest.mark.parametrize("source", RIGHT.values(), ids=RIGHT)
def test_plain_code_runs(source):
    with sandbox.running(textwrap.dedent(source)) as code:
        assert code.printed == "['my_answer.py']\n"


@pytest.mark.parametrize("separator", ["\x0c", "\u2028", "\x1c", "\x85"])
def test_a_warning_shows_its_own_line(separator):
    source = f"import numpy as np\nx = '{separator}'\ny = 1 / np.zeros(2)"
    with sandbox.running(source) as code:
        assert "my_answer.py:3: RuntimeWarning" in code.printed
        assert "y = 1 / np.zeros(2)" in code.printed


def test_an_error_in_a_learners_del_is_shown():
    with sandbox.running("class A:\n    def __del__(self): 1 / 0\nA()\n") as code:
        assert "ZeroDivisionError" in code.printed


@linux
def test_an_accident_with_parquet_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "important").write_text("kept")
    name = "import os, pandas as pd\nname = os.path.expanduser('~/important')\n"
    sentence, _ = run_failing(name + "pd.DataFrame({'a': [1]}).to_parquet(name)")
    assert "pyarrow" in sentence and (tmp_path / "important").read_text() == "kept"
    sentence, _ = run_failing(name + "open(name, 'w')")
    assert sentence.startswith(f"Line 3: your code tried to write to {tmp_path}/important")


@pytest.mark.parametrize(
    ("error", "lack"),
    [
        (OSError(errno.ENOSPC, "x"), "its disk is full"),
        (OSError(errno.EMFILE, "x"), "the app has too many files open"),
        (BlockingIOError(errno.EAGAIN, "x"), "it runs too many processes"),
        (RuntimeError("can't start new thread"), "it runs too many threads"),
        (OSError(errno.EIO, "x"), os.strerror(errno.EIO)),
    ],
)
def test_system_errors_are_not_blamed_on_the_learner(error, lack):
    with pytest.raises(AnswerError) as caught, translate_system_errors():
        raise error
    expected = f"This machine could not run your code, which is not at fault: {lack}."
    assert str(caught.value) == expected


@pytest.mark.parametrize("what", ["folder", "process", "thread"])
def test_the_sentence_names_what_the_machine_lacks(what, monkeypatch):
    def full(*args, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    def no_thread(self):
        raise RuntimeError("can't start new thread")

    if what == "folder":
        monkeypatch.setattr(code, "TemporaryDirectory", full)
    elif what == "process":
        monkeypatch.setattr(process.subprocess, "Popen", full)
    else:
        monkeypatch.setattr(process.Thread, "start", no_thread)
    sentence, printed = run_failing("print('x')")
    assert sentence.startswith("This machine could not run your code, which is not at fault: ")
    assert printed == ""


@linux
@pytest.mark.parametrize("limit", ["RLIMIT_NOFILE", "RLIMIT_FSIZE"])
def test_an_app_without_resources_reports_one_sentence(limit):
    app = f"""
        import resource
        import sandbox
        resource.setrlimit(resource.{limit}, (6 if "FILE" in "{limit}" else 0, 99))
        try:
            with sandbox.running("print(1)") as code: print("ran", code.printed)
        except sandbox.AnswerError as error: print(error)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(app)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stderr == "" and done.stdout.count("\n") in (1, 2), done


def test_a_busy_machine_is_named_while_the_process_starts(monkeypatch, tmp_path):
    (tmp_path / "child.py").write_text("import time\ntime.sleep(60)")
    monkeypatch.setattr(process, "BOOTSTRAP", tmp_path / "child.py")
    monkeypatch.setattr(code, "START_LIMITS", Allowed(0.5, 0.5, 0.5))
    assert run_failing("")[0] == (
        "This machine is busy: the process for your code did not start within 0.5 s. "
        "Try again when other programs are done."
    )


def test_a_start_that_fails_gives_its_reason_and_prints_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(code, "_library_path", list)
    sentence, printed = run_failing("print(1)")
    assert sentence.startswith("The process for your code could not be started: ")
    assert "No module named" in sentence and printed == ""
    monkeypatch.undo()
    (tmp_path / "child.py").write_text("raise SystemError('reason')")
    monkeypatch.setattr(process, "BOOTSTRAP", tmp_path / "child.py")
    sentence, printed = run_failing("print(1)")
    assert sentence == "The process for your code could not be started: SystemError: reason."
    assert printed == ""


def test_packages_of_pythonpath_can_be_imported(tmp_path):
    """Packages may lie there, as with `pip install --user` or conda."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "of_the_user.py").write_text("value = 42")
    app = """
        import sandbox
        with sandbox.running("import of_the_user\\nprint(of_the_user.value)") as code:
            print(code.printed)
    """
    env = os.environ | {"PYTHONPATH": str(tmp_path / "elsewhere")}
    command = [sys.executable, "-c", textwrap.dedent(app)]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.stdout.strip() == "42", done.stderr


def test_private_folders_are_not_library_folders(monkeypatch):
    private = ["", "/", str(ROOT), str(Path.home()), str(Path.cwd())]
    monkeypatch.setattr(sys, "path", [*private, *sys.path])
    assert not {str(Path(p).resolve()) for p in private} & set(code._library_path())
