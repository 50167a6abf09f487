"""Hostile and old links: the page opens with its defaults, or with what an old link meant."""

from functools import cache

import pytest

from tests.pages.expected import (
    DROPOUT,
    L2,
    OVERFITTING,
    QUICK,
    QUICK_CONFIG,
    STOPPING,
    TOGETHER,
)
from tests.support.apps import accuracies, header, opened, words
from tests.support.helpers import run

ALL_KEYS = ("width", "depth", "all_seed", "all_epochs", "lr", "momentum", "all_rows", "all_batch")
ALL_KEYS += ("use_l2", "use_p", "all_l2", "all_p", "stop_early", "all_patience", "all_delta")
KEYS = {
    OVERFITTING: ("preset", "width", "depth", "rows", "seed", "lr", "patients", "open_printed"),
    L2: ("preset", "l2", "width", "patients", "open_slope"),
    DROPOUT: ("preset", "p", "keep", "width", "batch", "open_code"),
    STOPPING: ("patience", "min_delta", "preset", "width", "few_rows", "open_code"),
    TOGETHER: ALL_KEYS,
}
HOSTILE = (
    "",
    "inf",
    "1e400",
    "text",
    "9" * 30,
    "-1",
    "nan",
    "[]",
    ["1", "text"],
    "<b>",
    "1; import os",
)


@cache
def by_default(path: str) -> tuple[list[str], str]:
    app = opened(path)
    return header(app), words(app)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "value"),
    [(TOGETHER, value) for value in HOSTILE]
    + [(p, v) for p in (OVERFITTING, L2, DROPOUT, STOPPING) for v in ("text", "-1", "nan")],
    ids=lambda value: str(value)[:14],
)
def test_a_hostile_link_opens_the_page_with_its_defaults(path, value) -> None:
    app = opened(path, **dict.fromkeys(KEYS[path], value))
    assert (header(app), words(app)) == by_default(path)


@pytest.mark.slow
@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: str(value)[:8])
def test_a_hostile_link_does_not_change_hidden_settings(value) -> None:
    behind = {"all_rows": "false", "stop_early": "true", "use_l2": "true", "use_p": "true"}
    hostile = dict.fromkeys(("all_batch", "all_patience", "all_delta", "all_l2", "all_p"), value)
    app = opened(TOGETHER, **behind, **QUICK, **hostile)
    settings = {"batch_size": 64, "patience": 50, "l2": 0.05, "dropout": 0.2}
    fitted = run(QUICK_CONFIG.but(**settings), 0.2)
    assert header(app) == accuracies(fitted, fitted.kept_epoch, "validation")


OLD = [
    ({"all_l2": "0.5"}, {"l2": 0.5}),
    ({"all_l2": "0.05"}, {"l2": 0.05}),
    ({"all_p": "0.4"}, {"dropout": 0.4}),
    ({"all_l2": "0.5", "all_p": "0.2"}, {"l2": 0.5, "dropout": 0.2}),
    ({"all_l2": "0", "all_p": "0.0"}, {}),
    ({"all_l2": "0.5", "use_l2": "false"}, {}),
]


@pytest.mark.parametrize(("link", "changes"), OLD, ids=str)
def test_a_link_from_before_the_switches_turns_its_tools_on(link, changes) -> None:
    app = opened(TOGETHER, **QUICK, **link)
    assert header(app) == accuracies(run(QUICK_CONFIG.but(**changes), 0.2), part="validation")
    assert app.toggle(key="use_l2").value is ("l2" in changes)
    assert app.toggle(key="use_p").value is ("dropout" in changes)


def test_a_tool_that_a_link_turned_on_can_be_turned_off() -> None:
    app = opened(TOGETHER, **QUICK, all_l2="0.5").toggle(key="use_l2").set_value(False).run()
    assert header(app) == accuracies(run(QUICK_CONFIG, 0.2), part="validation")
