"""Which network one would use, and what the card of the small gap says: against real runs."""

import numpy as np
import pytest
from scipy.stats import binomtest
from streamlit.testing.v1 import AppTest

from regcore import Config, Fit, fit
from tests.pages.expected import L2, MEMORIZE, OVERFITTING
from tests.pages.questions import TOPICS, answer, asked, asks, press, record, skip, verdicts_shown
from tests.support.apps import opened, words
from ui.data.spec import DataSpec, split_of
from ui.text import score

pytestmark = pytest.mark.slow

NARROW, TAMED, SILENT = (
    MEMORIZE.but(**one) for one in ({"hidden_sizes": (4,)}, {"l2": 0.05}, {"l2": 1.0})
)
LIES, TUMORS = DataSpec(flipped=30), DataSpec(dataset="breast cancer")
LINKS = {DataSpec(): {}, LIES: {"flipped": "30"}, TUMORS: {"data": "Breast cancer"}}
CASES = [  # page, data, the second network and its link
    (OVERFITTING, DataSpec(), NARROW, {}),
    (OVERFITTING, LIES, NARROW, {}),
    (L2, DataSpec(), TAMED, {}),
    (L2, LIES, TAMED, {}),
    (L2, LIES, SILENT, {"l2": "1"}),
    (L2, TUMORS, SILENT, {"l2": "1"}),
]
RIGHT_REASON, GAP_REASON = {OVERFITTING: 1, L2: 2}, {OVERFITTING: 0, L2: 1}


def right(data: DataSpec, run: Fit) -> np.ndarray:
    test = split_of(data).test
    return ((run.predict_proba(test.X) > 0.5) == test.y).ravel()


def better(data: DataSpec, first: Fit, second: Fit) -> int:
    """The direction in which the exact test of McNemar decides; 0 if it does not."""
    ours, theirs = right(data, second), right(data, first)
    wins, losses = int((ours & ~theirs).sum()), int((theirs & ~ours).sum())
    decided = binomtest(wins, wins + losses).pvalue < 0.05
    return int(np.sign(wins - losses)) if decided else 0


def revealed(path: str, said: int, **link: str) -> AppTest:
    app = answer(asked(path, **link), path, said)
    return skip(app, path) if asks(app) else app


def replied(app: AppTest, path: str, reason: int) -> tuple[AppTest, str]:
    """Choose a reason; return the page and what it says about it."""
    app = press(app, f"because_{TOPICS[path]}_{reason}")
    (text,) = (t.value for t in app.markdown if "Many think so" in t.value or "✓ Yes" in t.value)
    return app, text


@pytest.mark.parametrize(("path", "data", "rival", "link"), CASES)
def test_test_accuracy_decides_within_the_room_of_chance(
    path: str, data: DataSpec, rival: Config, link: dict
) -> None:
    pair = [fit(split_of(data), config) for config in (MEMORIZE, rival)]
    said = better(data, *pair)
    app = revealed(path, said, **LINKS[data], **link)
    entry = record(app)[TOPICS[path]]
    assert entry["verdict"] == "right"
    for run in pair:
        assert score(run.history.test_accuracy[-1]) in entry["was"]
    app, text = replied(app, path, RIGHT_REASON[path])
    assert ("no more than chance allows" in text) is (said == 0)
    for run in pair:
        assert score(run.history.train_accuracy[-1] - run.history.test_accuracy[-1]) in text
    if said:
        more = abs(int(right(data, pair[0]).sum()) - int(right(data, pair[1]).sum()))
        assert f"right on {more} more of " in text
    assert ("Yet always giving the same answer" in text) is (data == LIES and rival == SILENT)


def test_a_misconception_is_refuted_without_losing_the_verdict() -> None:
    app = revealed(L2, 0)
    verdict = verdicts_shown(app)
    app, text = replied(app, L2, GAP_REASON[L2])
    assert "The gap is a warning, not the goal" in text
    assert verdicts_shown(app) == verdict
    app, text = replied(press(app, "because_l2_again"), L2, RIGHT_REASON[L2])
    assert verdicts_shown(app) == verdict
    app = app.switch_page(OVERFITTING).run().switch_page(L2).run()
    assert text in [element.value for element in app.markdown]  # kept with the session


def reasons(app: AppTest) -> list[str]:
    return [button.key for button in app.button if str(button.key).startswith("because_")]


def test_no_reason_is_asked_for_without_a_verdict() -> None:
    app = asked(L2)
    assert not reasons(app)
    assert not reasons(skip(app, L2))
    assert not reasons(opened(L2))
    app = revealed(L2, 0)
    assert len(reasons(app)) == 3
    assert not reasons(app.toggle(key="questions").set_value(False).run())


def test_an_answer_of_yesterday_is_not_taken_for_one_to_this_question() -> None:
    app = asked(L2)
    app.session_state["predictions"] = {
        "l2": {"verdict": "right", "said": "smaller", "was": "smaller (gap 0.281, 0.062)"}
    }
    app = app.run()
    assert not asks(app)
    assert not verdicts_shown(app)


@pytest.mark.parametrize("path", [OVERFITTING, L2])
@pytest.mark.parametrize("data", LINKS)
def test_the_card_tells_what_a_strong_penalty_does_here(path: str, data: DataSpec) -> None:
    parts = split_of(data)
    run = fit(parts, SILENT)
    text = words(opened(path, open_refutation="true", preset="As printed", **LINKS[data]))
    gap = score(run.history.train_accuracy[-1] - run.history.test_accuracy[-1])
    assert f"with λ = 1 the gap is {gap}, without L2 " in text
    one = run.predict_proba(parts.train.X) > 0.5
    assert ("It has learned nothing." in text) is bool(one.all() or not one.any())
    constant = score(float((parts.test.y == 0).mean()))
    assert f"always saying so scores {constant}" in text or data == TUMORS
