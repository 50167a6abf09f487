"""Votes counted and drawn: which chart shows them, and the sentence that tells them."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ui.charts import figure
from ui.sections.room import charts
from ui.sections.room.ballots import Ballot, Curve, Vote
from ui.text import count, counted, stated

ROUNDS = ("first vote", "second vote")


def show(ballot: Ballot, rounds: Sequence[Sequence[Vote]], truth: Vote | None = None) -> None:
    """Draw what the class voted, in one or two rounds.

    truth  what was measured, once it may be known: a place, an epoch, or a curve
    """
    if isinstance(ballot, Curve):
        _show_curves(ballot, rounds, truth if isinstance(truth, tuple) else None)
        return
    table = counts(ballot, rounds)
    place = ballot.place(truth) if isinstance(truth, int) else None
    right = None if place is None else ballot.labels()[place]
    drawing = charts.bars(table, ballot.labels(), right)
    twin = table.rename(columns={"share": "share of this vote"})
    figure(drawing, told(table, right, None if truth is None else ballot.told(truth)), twin)


def counts(ballot: Ballot, rounds: Sequence[Sequence[Vote]]) -> pd.DataFrame:
    """Return a row for each answer and round: columns answer, vote, votes, share."""
    if isinstance(ballot, Curve):
        raise TypeError("Drawings have a median, and no counts.")
    rows = []
    for name, given in zip(ROUNDS, rounds, strict=False):
        found = Counter(ballot.place(vote) for vote in given if isinstance(vote, int))
        total = max(sum(found.values()), 1)
        rows += [
            (label, name, found[place], found[place] / total)
            for place, label in enumerate(ballot.labels())
        ]
    return pd.DataFrame(rows, columns=["answer", "vote", "votes", "share"])


def told(table: pd.DataFrame, right: str | None, measured: str | None) -> str:
    """Say what most of the class answered in each vote and, if it is known, how many were right."""
    parts = []
    for name, given in table.groupby("vote", sort=False):
        most = given[given["votes"] == given["votes"].max()]["answer"]
        total = int(given["votes"].sum())
        part = f"{str(name).capitalize()}, {counted(total, 'answer')}"
        part += f", most for “{'” and “'.join(most)}”" if total > 0 and len(most) < 3 else ""
        if right is not None and total:
            good = int(given.loc[given["answer"] == right, "votes"].iloc[0])
            part += f", {good} of {total} right"
        parts.append(part)
    return ". ".join([*parts, *([f"Measured: {measured}"] if measured else [])]) + "."


def _show_curves(
    ballot: Curve, rounds: Sequence[Sequence[Vote]], truth: tuple[float, ...] | None
) -> None:
    given = [np.array(drawn, float) for drawn in rounds if drawn]
    if not given:
        return
    names = ("median", "first median")[: len(given)][::-1]
    medians = {name: np.median(drawn, axis=0) for name, drawn in zip(names, given, strict=True)}
    votes = ("First vote, ", "After the second vote, ") if len(given) > 1 else ("",)
    said = [
        _told_median(ballot, vote + counted(len(drawn), "drawing"), len(drawn), median)
        for vote, drawn, median in zip(votes, given, medians.values(), strict=True)
    ]
    twin = pd.DataFrame({"epoch": ballot.epochs, **medians})
    if truth is not None:
        said.append(f"Measured, the loss ends at {stated(truth[-1])}.")
        twin["measured"] = truth
    figure(charts.drawings(ballot, given[-1].tolist(), medians, truth), " ".join(said), twin)


def _told_median(ballot: Curve, drawn: str, number: int, median: Sequence[float]) -> str:
    at = int(np.argmin(median))
    return (
        f"{drawn}. {'It' if number == 1 else 'Their median'} is lowest at epoch "
        f"{count(ballot.epochs[at])} ({stated(float(median[at]))}) "
        f"and ends at {stated(float(median[-1]))}."
    )
