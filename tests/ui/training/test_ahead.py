"""Work ahead: only while nobody waits, dropped at once, in turns, and within bounds."""

import threading
from functools import partial
from time import perf_counter, sleep

import pytest

from ui.training import ahead
from ui.training.ahead import NEIGHBOURS, PAGES, STUDIES, Ahead
from ui.training.cache import how_many_wait, idle_seconds, patient, waiting
from workers.in_process import in_process

PATIENT = 20.0


SOON = (0.02, 0.02, 0.02)


@pytest.fixture
def work(monkeypatch):
    """Work ahead that waits for nothing but visitors.

    Other tests may have left offers to the app's own, so nothing that it looks at is replaced.
    """
    monkeypatch.setattr(ahead, "LOOK_SECONDS", 0.005)
    return Ahead(SOON, may_begin=lambda: True)


def until(condition):
    end = perf_counter() + PATIENT
    while not condition():
        assert perf_counter() < end
        sleep(0.002)


class Done(list):
    """The names of the tasks that were done to their end, in order."""

    def task(self, name, looks=1):
        return partial(self._work, name, looks)

    def _work(self, name, looks, report):
        for _ in range(looks):
            report(0.5)
            sleep(0.002)
        self.append(name)


def test_the_first_rank_goes_first_and_owners_take_turns(work):
    done = Done()
    with waiting():
        work.offer(STUDIES, "server", [done.task("study")])
        work.offer(PAGES, "ann", [done.task("ann 1"), done.task("ann 2")])
        work.offer(PAGES, "bob", [done.task("bob 1")])
        work.offer(NEIGHBOURS, "bob", [done.task("near")])
    until(lambda: len(done) == 5)
    assert done == ["near", "ann 1", "bob 1", "ann 2", "study"]


def test_nothing_is_begun_while_somebody_waits(work):
    done = Done()
    with waiting():
        work.offer(PAGES, "ann", [done.task("page")])
        sleep(0.1)
        assert not done
        assert idle_seconds() == 0.0
    until(lambda: done)


def test_a_task_is_dropped_at_once_and_done_later(work):
    done, ends = Done(), []

    def endless(report):
        if ends:
            return done.append("later")
        try:
            while True:
                report(0.1)
                sleep(0.002)
        finally:
            ends.append(perf_counter())

    work.offer(PAGES, "ann", [endless])
    sleep(0.1)
    with waiting():
        start = perf_counter()
        until(lambda: ends)
        assert ends[0] - start < 0.5
        sleep(0.1)
        assert not done
    until(lambda: done)


def test_work_for_one_visitor_waits_longer_than_work_for_all(monkeypatch):
    monkeypatch.setattr(ahead, "LOOK_SECONDS", 0.005)
    done, work = Done(), Ahead((3600.0, 0.02, 0.02), may_begin=lambda: True)
    with waiting():
        work.offer(NEIGHBOURS, "ann", [done.task("near")])
        work.offer(PAGES, "ann", [done.task("page")])
    until(lambda: done)
    sleep(0.1)
    assert done == ["page"]
    work.offer(NEIGHBOURS, "ann", [])
    until(ended(work))


def test_a_task_ends_when_its_owner_moves_on_and_a_study_when_a_first_one_comes(work):
    done = Done()
    for rank, owner in ((STUDIES, "ann"), (NEIGHBOURS, "bob")):
        work.offer(STUDIES, "ann", [done.task("slow", looks=10**6)])
        sleep(0.05)
        work.offer(rank, owner, [done.task("fast")])
        until(lambda: done)
        work.offer(STUDIES, "ann", [])
        assert done == ["fast"]
        done.clear()


def test_short_work_under_way_is_not_begun_anew(work):
    done = Done()
    work.offer(PAGES, "ann", [done.task("page", looks=50)])
    sleep(0.06)
    work.offer(NEIGHBOURS, "bob", [done.task("near")])
    until(lambda: len(done) == 2)
    assert done == ["page", "near"]


def test_tasks_that_still_wait_may_be_kept(work):
    done = Done()
    with waiting():
        for name in ("first", "second"):
            work.offer(STUDIES, "server", [done.task(name)], anew=False)
    until(lambda: done)
    until(ended(work))
    assert done == ["first"]


def test_who_does_work_ahead_does_not_count_as_waiting(work):
    with patient(), waiting():
        assert not how_many_wait()
    with waiting():
        assert how_many_wait() == 1


def test_a_failure_is_logged_and_the_next_task_done(work, caplog):
    def fails(_report):
        raise ZeroDivisionError

    done = Done()
    work.offer(PAGES, "ann", [fails, done.task("next")])
    until(lambda: done)
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def ended(work):
    return lambda: not work._is_at_work


def test_nothing_is_done_without_workers(monkeypatch):
    done, work = Done(), Ahead(SOON)
    monkeypatch.setattr(ahead, "executor", in_process)
    work.offer(PAGES, "ann", [done.task("page")])
    until(ended(work))
    assert not done
    assert not work._offers


def test_offers_are_bounded(work):
    with waiting():
        for number in range(3 * ahead.MAX_OFFERS):
            work.offer(PAGES, number, [print])
        assert len(work._offers) == ahead.MAX_OFFERS
        for number in range(3 * ahead.MAX_OFFERS):
            work.offer(PAGES, number, [])
    until(ended(work))


def test_a_refused_thread_is_only_logged(work, monkeypatch, caplog):
    def refuse(_self):
        raise RuntimeError("can't start new thread")

    done = Done()
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        work.offer(PAGES, "ann", [done.task("page")])
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    work.offer(PAGES, "ann", [done.task("page")])
    until(lambda: done)
