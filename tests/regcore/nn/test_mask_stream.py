"""Masks that a second thread draws ahead are those that the stream gives in order."""

import os
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import pytest

from regcore.nn import mask_stream
from regcore.nn.mask_stream import FIRST_BLOCK, LAST_BLOCK, MaskStream
from tests.support import ROOT

P = 0.3
SIZES = (1, 5, FIRST_BLOCK - 6, 7, 3 * FIRST_BLOCK, LAST_BLOCK, 2 * LAST_BLOCK + 1, 64 * 576)


WAYS = {  # in which the next block may come: the cores seen, and whether the system has a thread
    "second thread": (2, True),
    "one core": (1, True),
    "no thread": (2, False),
}


def refused(*_):
    raise RuntimeError("can't start new thread")


@pytest.fixture(params=[*WAYS, "Python ends"])
def helped(request, monkeypatch):
    if request.param in WAYS:
        cores, has_thread = WAYS[request.param]
        monkeypatch.setattr(mask_stream, "_cores", lambda: cores)
        if not has_thread:
            monkeypatch.setattr(ThreadPoolExecutor, "submit", refused)
        helper = mask_stream._helper.__wrapped__(0)
        assert (helper is None) == (cores < 2 or not has_thread)
    else:
        helper = ThreadPoolExecutor(1)
        helper.shutdown()
    monkeypatch.setattr(mask_stream, "_helper", lambda _: helper)


def masks(stream, sizes=SIZES):
    """The elements that the next masks of these sizes keep."""
    taken = [np.ones(size, bool) for size in sizes]
    for on in taken:
        stream.apply(on)
    return np.concatenate(taken)


def expected(rng, sizes=SIZES):
    return np.concatenate([rng.random(size) >= P for size in sizes])


@pytest.mark.usefixtures("helped")
def test_masks_come_in_the_order_of_the_draws():
    kept = masks(MaskStream(np.random.default_rng(7), P))
    assert np.array_equal(kept, expected(np.random.default_rng(7)))


def test_a_mask_leaves_off_what_is_off():
    off = np.zeros((3, 4), bool)
    MaskStream(np.random.default_rng(7), P).apply(off)
    assert not off.any()


@pytest.mark.usefixtures("helped")
@pytest.mark.parametrize("size", SIZES)
def test_the_state_is_that_after_the_masks_so_far(size):
    stream, rng = MaskStream(np.random.default_rng(7), P), np.random.default_rng(7)
    masks(stream, [size])
    rng.random(size)
    assert stream.state == rng.bit_generator.state


@pytest.mark.usefixtures("helped")
def test_a_stream_goes_back_to_an_earlier_state():
    stream = MaskStream(np.random.default_rng(7), P)
    masks(stream, [1000])
    state = stream.state
    first = masks(stream)
    stream.state = state
    assert np.array_equal(masks(stream), first)


def test_the_next_block_is_begun_before_it_is_needed(monkeypatch):
    begun = []

    class Helper:
        def submit(self, job):
            begun.append(job)
            return Future()

    monkeypatch.setattr(mask_stream, "_helper", lambda _: Helper())
    masks(MaskStream(np.random.default_rng(7), P), [1])
    assert len(begun) == 1


def test_a_stream_without_masks_draws_nothing(monkeypatch):
    monkeypatch.setattr(mask_stream, "_helper", None)
    stream = MaskStream(np.random.default_rng(7), P)
    assert stream.state == np.random.default_rng(7).bit_generator.state


FORKED = """
import os, signal
import numpy as np
from regcore.nn.mask_stream import MaskStream

def taken(n):
    on = np.ones(n, bool)
    stream.apply(on)
    return on

stream = MaskStream(np.random.default_rng(7), 0.3)
taken(300_000)
child = os.fork()
if not child:
    signal.alarm(60)
here = taken(3_000_000)
stream = MaskStream(np.random.default_rng(8), 0.3)
afresh = taken(1_000_000)
rng = np.random.default_rng(7)
rng.random(300_000)
same = np.array_equal(here, rng.random(3_000_000) >= 0.3)
same = same and np.array_equal(afresh, np.random.default_rng(8).random(1_000_000) >= 0.3)
if not child:
    os._exit(0 if same else 1)
assert same and os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_stream_goes_on_in_a_forked_process():
    ended = subprocess.run([sys.executable, "-W", "ignore", "-c", FORKED], cwd=ROOT, timeout=120)
    assert ended.returncode == 0


def test_streams_share_the_thread_and_not_their_masks():
    seeds = range(4)
    streams = [MaskStream(np.random.default_rng(seed), P) for seed in seeds]
    taken = {seed: [] for seed in seeds}
    for _ in range(12):
        for seed, stream in zip(seeds, streams, strict=True):
            taken[seed].append(masks(stream, [50_000]))
    for seed in seeds:
        rng = np.random.default_rng(seed)
        assert np.array_equal(np.concatenate(taken[seed]), rng.random(600_000) >= P)
