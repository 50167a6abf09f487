"""A refutation in one fixed form, "Many think … Look: …", with measured counterexamples."""

from collections.abc import Mapping

import streamlit as st

from regcore import PRESETS, Config, Fit, Split
from regcore.config import LESSON_L2
from ui.charts.frames import scores
from ui.data import chosen
from ui.glossary import say
from ui.sections import results
from ui.text import escape, stated
from ui.training import progress, runs

TITLE = "Many think: the smaller gap wins"
STRONG = 1.0  # a λ that leaves the network little to say
BASE = PRESETS["memorize"]
NARROW, TAMED = BASE.but(hidden_sizes=(4,)), BASE.but(l2=LESSON_L2)
GAP = "that the network with the smaller gap between training and test is the better one."
STRONGER = "that more regularization is safer, because the gap only gets smaller."
FREE, HELD = "64 units", f"64 units, λ = {STRONG:g}"


def show(split: Split, belief: str, others: Mapping[str, Config]) -> None:
    """Show the card: a belief, the runs that it is held against, and always the same answer.

    others  more networks for the table, by name
    """
    named = {FREE: BASE, **others, HELD: BASE.but(l2=STRONG)}
    with progress.bar(f"Training {len(named)} networks") as report:
        requests = [runs.Request(chosen.spec(), config) for config in named.values()]
        trained = dict(zip(named, runs.train(requests, report), strict=True))
    columns = ("training", "test", "gap")  # with the losses a phone would cut the table
    rows = {n: {c: scores(run.history)[c] for c in columns} for n, run in trained.items()}
    answer = _answer(trained[HELD], split)
    rows[f"always “{chosen.dataset().outcomes[answer]}”"] = constant(answer, split)
    with st.container(border=True):
        say(f"**Many think** {belief}")
        say(f"**Look:** {look(trained[FREE], trained[HELD], split)}")
        results.table(rows, alt="Accuracies and gap of the networks and of one constant answer")


def look(free: Fit, held: Fit, split: Split) -> str:
    """Say what the network with λ = 1 shows, beside the one without L2."""
    before, after = scores(free.history), scores(held.history)
    told = (
        f"with λ = {STRONG:g} the gap is {stated(after['gap'])}, without L2 "
        f"{stated(before['gap'])}; test accuracy is {stated(after['test'])} and "
        f"{stated(before['test'])}. "
    )
    if results.says_one_thing(held, split):
        answer = _answer(held, split)
        return told + (
            f"With λ = {STRONG:g} the network says “{escape(chosen.dataset().outcomes[answer])}” "
            f"for every {chosen.row()}, and always saying so scores "
            f"{stated(constant(answer, split)['test'])}. It has learned nothing."
        )
    if abs(after["gap"]) < abs(before["gap"]) and after["test"] < before["test"]:
        return told + f"The gap is smaller, and fewer new {chosen.rows()} are right."
    return told + "Here the two do not contradict each other, but the gap alone could not tell."


def constant(answer: int, split: Split) -> dict[str, float]:
    """Return the scores of giving every row the same answer, 0 or 1."""
    parts = {"training": split.train, "test": split.test}
    found = {name: float((part.y == answer).mean()) for name, part in parts.items()}
    return found | {"gap": found["training"] - found["test"]}


def _answer(held: Fit, split: Split) -> int:
    """Return what the network says about most training rows."""
    return int((held.predict_proba(split.train.X) > 0.5).mean() > 0.5)
