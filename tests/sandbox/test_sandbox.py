"""Faulty and hostile code ends in one clear sentence and leaves no process or file behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

import sandbox
from sandbox import AnswerError, Limits, process
from tests.sandbox.hostile_code import ANSWERS, CLUMSY, EVIL, FORBIDDEN, GREEDY, NAMES
from tests.support import ROOT

pytestmark = pytest.mark.slow

linux = pytest.mark.skipif(not sandbox.held().limits, reason="the system enforces no limits")
LOCK = "lock = threading.Lock()\nwhile True: lock.acquire()"
QUICK = Limits(wall_seconds=10, cpu_seconds=1, most_cpu_seconds=1, memory_bytes=2**28)


def alive(group):
    """Count the group's processes without zombies, which may stay unreaped in a container."""
    count = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            state, _, of_group = path.read_text().rpartition(")")[2].split()[:3]
            count += int(of_group) == group and state != "Z"
    return count


def ends(group):
    """Return whether the group ends in time; killed processes take a moment to disappear."""
    end = time.monotonic() + 10
    while alive(group) and time.monotonic() < end:
        time.sleep(0.01)
    return alive(group) == 0


@pytest.fixture(autouse=True)
def started(monkeypatch):
    """The processes that a test starts. Afterwards, no process or folder may be left."""
    processes = []

    class Recorded(subprocess.Popen):
        def __init__(self, *args, **options):
            super().__init__(*args, **options)
            if options.get("start_new_session"):
                self.place = Path(options["cwd"]).parent
                processes.append(self)

    monkeypatch.setattr(process.subprocess, "Popen", Recorded)
    yield processes
    for ended in processes:
        assert ended.returncode is not None
        assert not ended.place.exists()
        assert ends(ended.pid)


def sentence(source, *args, limits=QUICK):
    """Run the source, call its f, and return the sentence of the error."""
    with pytest.raises(AnswerError) as caught, sandbox.running(source, limits) as code:
        code.function("f")(*args)
    message = str(caught.value)
    assert message.isprintable() and 10 < len(message) <= 300
    return message


def test_functions_values_and_prints_come_back():
    source = "def f(x, rng):\n    print('f')\n    return x.mean(), rng.random()\nanswer = (1, [2])"
    with sandbox.running(source) as code:
        f = code.function("f")
        assert f(np.ones((2, 2)), np.random.default_rng(7)) == (
            1.0,
            np.random.default_rng(7).random(),
        )
        assert f(np.zeros(3), np.random.default_rng(7))[0] == 0.0
        assert np.isnan(f(np.array([np.nan]), np.random.default_rng(7))[0])
        assert code.value("answer") == (1, [2])
        assert code.printed == "f\nf\nf\n"
    assert code.printed == "f\nf\nf\n"
    with pytest.raises(AnswerError, match="has ended"):
        f(np.ones(2), np.random.default_rng(7))


def test_a_function_that_fails_can_be_called_again():
    with sandbox.running("def f(x):\n    return 1 / x") as code:
        with pytest.raises(AnswerError, match=r"^Line 2: ZeroDivisionError: division by zero$"):
            code.function("f")(0)
        assert code.function("f")(2) == 0.5
        with pytest.raises(AnswerError, match="does not define answer"):
            code.value("answer")


@linux
def test_the_lesson_and_the_engine_run_within_the_limits():
    source = """
        from regcore.lesson import train
        from regcore import PRESETS, fit, load_diabetes, split
        def f():
            rows = split(load_diabetes()).train
            run = fit(split(load_diabetes()), PRESETS["as printed"].but(epochs=3))
            return train(rows.X, rows.y, epochs=3), run.history.train_loss
    """
    with sandbox.running(textwrap.dedent(source), Limits(wall_seconds=60)) as code:
        weights, losses = code.function("f")()
        assert [W.shape for W in weights] == [(8, 64), (1, 64), (64, 1), (1, 1)]
        assert len(losses) == 4 and code.printed == ""


@pytest.mark.parametrize(("source", "words"), CLUMSY.values(), ids=CLUMSY)
def test_clumsy_code_ends_in_one_sentence(source, words):
    assert words in sentence(source)


@linux
@pytest.mark.parametrize(("source", "words"), GREEDY.values(), ids=GREEDY)
def test_greedy_code_is_stopped(source, words):
    assert words in sentence(source)


@linux
@pytest.mark.parametrize(("source", "action"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_the_sentence_names_the_line_of_a_forbidden_action(source, action):
    assert sentence(source).startswith(f"Line 2: your code tried to {action}")


def test_only_plain_values_are_returned():
    with sandbox.running(EVIL) as code:
        for number, name in NAMES.items():
            with pytest.raises(AnswerError, match=f"^f returned {name}; an answer is made of numb"):
                code.function("f")(number)
        plain = [code.function("f")(number) for number in (2, 3, 4)]
        assert [type(value) for value in plain] == [np.ndarray, dict, float]


@linux
def test_a_fork_bomb_that_swallows_every_error_starts_nothing():
    source = """
        import os
        from multiprocessing.util import spawnv_passfds  # it raises no audit event
        started = 0
        for _ in range(30):
            for start in (os.fork, lambda: spawnv_passfds(b"/bin/true", [b"true"], ())):
                try:
                    start()
                    started += 1
                except OSError as error:
                    pass
    """
    with sandbox.running(textwrap.dedent(source)) as code:
        assert code.value("started") == 0


@linux
@pytest.mark.parametrize("wait", ["time.sleep(9)", "while True: time.sleep(0.01)", LOCK])
def test_code_that_sleeps_is_stopped(wait):
    message = sentence(f"import threading, time\n{wait}", limits=Limits(wall_seconds=0.5))
    assert message == "Your code waited 0.5 s without computing and was stopped."


@linux
def test_the_limit_on_sleep_does_not_stop_computing_code():
    limits = Limits(wall_seconds=0.2, cpu_seconds=1, most_cpu_seconds=1)
    assert "Line 1: still running after 1 s" in sentence("while True: pass", limits=limits)


@linux
def test_code_that_reads_no_request_is_stopped():
    forged = f"import os\nos.write({ANSWERS}, b'{{\"value\": 1}}\\n' * 2)\nwhile True: pass"
    assert "Line 3: still running after 1 s" in sentence(forged, "long" * 10**6)


def test_the_wall_limit_holds_where_activity_is_unknown(monkeypatch):
    monkeypatch.setattr(process, "activity", lambda pid: None)
    limits = Limits(wall_seconds=0.5, most_cpu_seconds=10)
    for source in ("import time\ntime.sleep(9)", "while True: pass"):
        message = sentence(source, limits=limits)
        assert message == "Your code gave no answer within 0.5 s and was stopped."


def test_the_apps_environment_is_hidden(monkeypatch):
    monkeypatch.setenv("SECRET", "42")
    with sandbox.running("import os\nanswer = list(os.environ)") as code:
        assert "OMP_NUM_THREADS" in code.value("answer") and "SECRET" not in code.value("answer")


def test_printed_text_is_made_printable_and_cut():
    with sandbox.running(r"print('λ 😀 \x1b[31m\0\r', end='')" + "\nprint('x' * 20_000)") as code:
        assert code.printed.startswith("λ 😀 �[31m�\nxxx") and len(code.printed) < 10_050
        assert code.printed.endswith("xxx\n… (cut after 10,000 characters)")
    with pytest.raises(AnswerError) as caught, sandbox.running("print('so far')\n1 / 0"):
        pass
    assert caught.value.printed == "so far\n"


@pytest.mark.parametrize("source", ["x" * 20_001, "x = 1\0"])
def test_some_sources_are_refused_before_a_process_starts(source, started):
    assert sentence(source) and not started


def test_a_warning_shows_its_line():
    with sandbox.running("import numpy as np\nx = 1 / np.zeros(2)") as code:
        assert "my_answer.py:2: RuntimeWarning" in code.printed
        assert "x = 1 / np.zeros(2)" in code.printed


def test_files_may_be_written_in_the_folder_and_to_devnull():
    source = """
        import os, pathlib, shutil, tempfile
        pathlib.Path("a").write_text("1")
        open(os.devnull, "w").write("2")
        with tempfile.TemporaryFile("w") as file, tempfile.NamedTemporaryFile("w") as other:
            print(file.write("3"), other.write("4"))
        os.makedirs("b/c")
        shutil.rmtree("b")
        answer = pathlib.Path("a").read_text(), os.listdir()
    """
    with sandbox.running(textwrap.dedent(source)) as code:
        assert code.value("answer") == ("1", ["a"])


def test_a_folder_without_permissions_is_removed():
    with sandbox.running("import os\nos.makedirs('a/b')\nopen('a/b/c', 'w')\nos.chmod('a', 0)"):
        pass  # the fixture checks that it is removed


def test_an_interruption_ends_everything(started):
    class Rerun(BaseException):
        """Stands for the exception that Streamlit raises to rerun a page."""

    with pytest.raises(Rerun), sandbox.running("def f(): pass"):
        assert started[0].poll() is None
        raise Rerun


@linux
def test_a_forked_process_ends_with_its_group(monkeypatch, tmp_path, started):
    child = tmp_path / "child.py"
    child.write_text(
        "import os, time\nif not os.fork():\n    time.sleep(60)\n"
        "while input():\n    print('{\"value\": null}', flush=True)"
    )
    monkeypatch.setattr(process, "BOOTSTRAP", child)
    with sandbox.running(""):
        assert alive(started[0].pid) == 2


@linux
def test_a_sleeping_child_ends_when_the_app_is_killed(tmp_path):
    app = """
        import os, signal, subprocess, threading
        import sandbox
        class Seen(subprocess.Popen):
            def __init__(self, *args, **options):
                super().__init__(*args, **options)
                print(self.pid, flush=True)
                threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGKILL)).start()
        subprocess.Popen = Seen
        with sandbox.running("import time\\ntime.sleep(60)"):
            pass
    """
    command = [sys.executable, "-c", textwrap.dedent(app)]
    env = os.environ | {"TMPDIR": str(tmp_path)}  # the killed app cannot remove its folder
    done = subprocess.run(command, capture_output=True, env=env, cwd=ROOT)
    assert done.returncode == -signal.SIGKILL
    assert ends(int(done.stdout))
