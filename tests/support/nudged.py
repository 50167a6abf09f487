"""A plugin for pytest: every network starts from weights that are changed as rounding would.

    pytest -p tests.support.nudged --nudge 1e-15 --draw 1

Another processor adds in another order, which changes the last bit of a sum. A test that fixes a
figure has to pass here, too: else that figure is this machine's alone. tests/test_nudged.py runs
this with several nudges. Only tests that name a figure are kept, in their code or
their parameters.
"""

import inspect
import re
from collections.abc import Callable

import numpy as np
import pytest

from regcore import lesson
from regcore.nn import parameters

Start = Callable[..., tuple[np.ndarray, ...]]
FIGURE = re.compile(r"\d\.\d{3}\b|\b\d+ of \d+|epoch \d|_epoch\b")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--nudge", type=float, default=1e-15, help="relative size of the change")
    parser.addoption("--draw", type=int, default=1, help="seed of the change")


def pytest_configure(config: pytest.Config) -> None:
    size, draw = config.getoption("--nudge"), config.getoption("--draw")
    for module in (parameters, lesson):
        module.init_params = nudged(module.init_params, size, draw)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = [item for item in items if names_a_figure(item)]


def names_a_figure(item: pytest.Item) -> bool:
    return FIGURE.search(item.name + inspect.getsource(item.function)) is not None


def nudged(start: Start, size: float, draw: int) -> Start:
    """`start`, whose weights are multiplied by 1 + size * normal numbers."""

    def init_params(*args: object, **options: object) -> tuple[np.ndarray, ...]:
        rng = np.random.default_rng(draw)
        params = start(*args, **options)
        return tuple(p * (1.0 + size * rng.standard_normal(p.shape)) for p in params)

    return init_params
