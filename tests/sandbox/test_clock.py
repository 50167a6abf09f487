"""Time limits and their sentences: a slow or busy machine is not the learner's fault."""

import subprocess
import sys
from itertools import count

import pytest

import sandbox
from regcore.exercises import TASKS, check_source, numbered
from sandbox import AnswerError, Limits
from sandbox.clock import Activity, Allowed, Clock, allowed
from sandbox.speed import cpu_limit

LIMITS = Limits()
NEIGHBOURS = (
    "while True: pass",
    "import numpy as np\nA = np.ones((500, 500))\nwhile True: A @ A",
    "import numpy as np\nx = np.ones(10**6)\nwhile True: np.exp(x)",
)


def clock(allowed, *steps):
    """Return a clock after steps of (elapsed seconds, processor seconds used, whether asleep)."""
    clock_time, used, seen = [0.0], [5.0], [False]  # 5 s were used before the code started
    read = Clock(allowed, lambda: Activity(used[0], seen[0]), lambda: clock_time[0])
    read.resume()
    shares = [read.share]
    for seconds, computed, seen[0] in steps:
        clock_time[0] += seconds
        used[0] += computed
        read.tick()
        shares.append(read.share)
    assert shares == sorted(shares) and shares[0] == 0.0 and shares[-1] <= 1.0
    return read


@pytest.mark.slow
@pytest.mark.parametrize(
    ("epoch_seconds", "limit"), [(1e-5, 10), (1.5e-4, 10), (4.5e-4, 29), (9e-4, 58), (0.02, 60)]
)
def test_the_limit_on_computing_follows_the_speed(epoch_seconds, limit):
    ticks = count()
    assert cpu_limit(10, 60, lambda: next(ticks) * epoch_seconds) == limit


def test_a_fixed_limit_is_not_measured():
    assert cpu_limit(3, 3, now=lambda: pytest.fail("measured")) == 3


@pytest.mark.parametrize(
    ("limit", "seen", "total"),
    [(10, True, 120), (60, True, 620), (10, False, 20), (60, False, 120)],
)
def test_the_wall_limit_is_larger_where_activity_is_known(limit, seen, total):
    times = allowed(LIMITS.wall_seconds, LIMITS.cpu_seconds, limit, seen)
    assert times == Allowed(limit, 20 if seen else total, total)


def test_the_sentence_names_the_cause_of_the_delay():
    times = Allowed(computing=10, asleep=20, total=120)
    busy, computing, sleeping = (9.0, 0.1, False), (1.0, 1.0, False), (1.0, 0.0, True)
    assert clock(times, *[busy] * 13).verdict() == ""
    assert clock(times, *[busy] * 14).verdict() == (
        "This machine is busy: your code got only 1.4 s of processor time in 120 s. "
        "Try again when other programs are done."
    )
    slept = "Your code waited 20 s without computing and was stopped."
    assert clock(times, *[busy] * 10, *[sleeping] * 20).verdict() == ""
    assert clock(times, *[busy] * 10, *[sleeping] * 21).verdict() == slept
    assert clock(times, *[computing] * 10).verdict() == ""  # the system ends it
    assert clock(times, *[computing] * 10).share == 1.0
    assert clock(times, *[sleeping] * 11).share == 0.5
    assert clock(times, *[busy] * 10).share == 0.75


def test_a_process_between_two_requests_is_not_asleep():
    now = count()
    read = Clock(Allowed(10, 20, 120), lambda: Activity(0.0, asleep=True), lambda: next(now))
    for _ in range(90):
        read.resume()
        read.tick()
    assert read.verdict() == "" and read.share == 0.75


def test_the_sentence_blames_nothing_where_activity_is_unknown():
    now = iter([0.0, 19.0, 20.0])
    read = Clock(Allowed(10, 20, 20), lambda: None, lambda: next(now))
    read.resume()
    read.tick()
    assert read.verdict() == "" and read.share == 0.95
    read.tick()
    assert read.verdict() == "Your code gave no answer within 20 s and was stopped."


@pytest.fixture(scope="module")
def neighbours():
    """Four busy processes: on two processors, a third remains for this one and the sandbox's."""
    sources = (*NEIGHBOURS, NEIGHBOURS[0])
    running = [subprocess.Popen([sys.executable, "-c", source]) for source in sources]
    yield
    for process in running:
        process.kill()
        process.wait()


@pytest.mark.slow
@pytest.mark.parametrize(
    "task", [*TASKS.values(), numbered(1), numbered(1)], ids=lambda task: task.title
)
def test_a_right_answer_passes_beside_busy_processes(task, neighbours):
    shares = [0.0]
    report = check_source(task, task.solution, shares.append)
    assert report.check.ok, report.check.message
    # a quarter if nothing slows it down midway
    assert shares == sorted(shares) and max(shares) <= 1 / 2


@pytest.mark.slow
@pytest.mark.skipif(not sandbox.held().limits, reason="the system enforces no limits")
def test_an_endless_loop_is_reported_beside_busy_processes(neighbours):
    limits, shares = Limits(cpu_seconds=2, most_cpu_seconds=2), []
    source = "x = 1\nwhile True:\n    x += 1"
    with pytest.raises(AnswerError) as caught, sandbox.running(source, limits, shares.append):
        pass
    sentence = str(caught.value)
    assert "still running after 2 s of computing; is there a loop without end?" in sentence
    assert sentence.startswith(("Line 2: ", "Line 3: "))
    assert shares == sorted(shares) and 0.9 < shares[-1] <= 1.0
