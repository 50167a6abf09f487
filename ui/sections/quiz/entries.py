"""The questions that have a twin: the same idea with other settings, asked later.

question = ENTRIES["l2"].ask(data, (without, decayed))
ENTRIES["l2"].judged(question, runs, data)  # with its reason, and what was measured

A page asks about the settings there; `ui.sections.quiz.twins` asks about those of the twin.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from regcore import PRESETS, Config, Fit
from ui.charts.frames import lowest, scores
from ui.data import chosen
from ui.data.spec import DataSpec, dataset_of, split_of
from ui.sections.quiz.questions import Epoch, Question, Which, lower, use
from ui.sections.why import reasons
from ui.sections.why import use as by_use
from ui.text import count, counted

TOOLS = ("with dropout", "with L2")
Judged = tuple[Any, ...]  # a question, and the values that it is judged by


class Twin(NamedTuple):
    """Other settings for a question, and a sentence that says what is other."""

    says: str
    data: DataSpec
    configs: tuple[Config, ...]


class Entry(NamedTuple):
    """A question about any data and Configs, how its runs judge it, and its twin."""

    ask: Callable[[DataSpec, Sequence[Config]], Question]
    judged: Callable[[Any, Sequence[Fit], DataSpec], Judged]
    twin: Twin


def _width(data: DataSpec, configs: Sequence[Config]) -> Which:
    table, parts = dataset_of(data), split_of(data)
    width, other = (config.hidden_sizes[0] for config in configs)
    return use(
        "overfitting",
        f"Here {width} {'unit learns' if width == 1 else 'units learn'} from "
        f"{chosen.some(len(parts.train), table)}. Another network has {other}. "
        f"{_which_is_better(data)}",
        (f"with {counted(width, 'unit')}", f"with {counted(other, 'unit')}"),
        len(parts.test),
        table.row,
        clue=by_use.CLUE,
        why=by_use.UNKNOWN,
        because=reasons.overfitting(table),
        about=(data, configs[0]),
    )


def _decay(data: DataSpec, configs: Sequence[Config]) -> Which:
    table, l2 = dataset_of(data), configs[1].l2
    return use(
        "l2",
        f"The same network trains without L2 and with λ = {l2:g}. {_which_is_better(data)}",
        ("without L2", f"with λ = {l2:g}"),
        len(split_of(data).test),
        table.row,
        clue=by_use.CLUE,
        why=by_use.UNKNOWN,
        because=reasons.l2(table),
        about=(data, tuple(configs)),
    )


def _which_is_better(data: DataSpec) -> str:
    rows = f"{count(len(split_of(data).test))} new {dataset_of(data).rows}"
    return f"Does accuracy on {rows} tell which is better?"


def _dropout(data: DataSpec, configs: Sequence[Config]) -> Which:
    table, dropped = dataset_of(data), configs[1]
    return lower(
        "dropout",
        f"One run has no dropout, the other has p = {dropped.dropout:g}. After "
        f"{count(dropped.epochs)} epochs, which has the lower test loss?",
        "test loss",
        ("without dropout", "with dropout"),
        clue="Which of the two can become very confident in its mistakes?",
        why=(
            "No unit can rely on another, so the network is less confident where it is wrong.",
            "Either p is too small to matter, or training is too short to overfit.",
            f"Here the noise of the masks costs more than it gains on new {table.rows}: with small "
            "batches or little overfitting, dropout can hurt.",
        ),
        because=reasons.dropout(table),
        about=(data, dropped),
    )


def _turn(data: DataSpec, configs: Sequence[Config]) -> Epoch:
    table, parts, (config,) = dataset_of(data), split_of(data), configs
    return Epoch(
        "early stopping",
        f"The network trains on {chosen.some(len(parts.train), table)} for {count(config.epochs)} "
        f"epochs. Another {chosen.some(len(parts.validation or ()), table)} are set aside as the "
        "validation set. After which epoch is the validation loss lowest?",
        config.epochs,
        clue="The training loss falls for thousands of epochs. On the Home page, when did the test "
        "loss start to rise?",
        why=(
            "At that epoch it was still learning the pattern that generalizes.",
            "Until then it learns what generalizes; after that it memorizes individual "
            f"{table.rows}.",
            f"By then it had been memorizing individual {table.rows} for a long time.",
        ),
        because=reasons.early_stopping(table),
        about=(data, config),
    )


def _tools(data: DataSpec, configs: Sequence[Config]) -> Which:
    p, l2 = f"p = {configs[0].dropout:g}", f"λ = {configs[1].l2:g}"
    return lower(
        "all together",
        f"One run has dropout ({p}) as its only tool, the other L2 ({l2}). Which ends with the "
        "lower validation loss?",
        "validation loss",
        TOOLS,
        clue="On the L2 and Dropout pages, which of the two kept the test loss lower at the end?",
        why=(
            f"{l2} holds the weights back until the end; with {p} they keep growing, only more "
            "slowly.",
            "Both hold the network back about as much here.",
            f"For this network {l2} is so strong that it underfits, or so weak that it still "
            "overfits.",
        ),
        because=reasons.all_together(dataset_of(data)),
        about=(data, tuple(configs)),
    )


def _by_accuracy(question: Which, runs: Sequence[Fit], data: DataSpec) -> Judged:
    parts, rows = split_of(data), dataset_of(data).rows
    told = by_use.explained(question, runs, parts, rows)
    return told, *by_use.measured(runs, parts)


def _by_test_loss(question: Which, runs: Sequence[Fit], data: DataSpec) -> Judged:
    return question, *(scores(run.history)["test loss"] for run in runs)


def _by_lowest(question: Epoch, runs: Sequence[Fit], data: DataSpec) -> Judged:
    return question, lowest(runs[0].history, "validation")[0]


def _by_kept(question: Which, runs: Sequence[Fit], data: DataSpec) -> Judged:
    losses = (scores(run.history, run.kept_epoch)["validation loss"] for run in runs)
    return question, *losses


SLOW = PRESETS["as printed"]
FAST = PRESETS["memorize"].but(epochs=SLOW.epochs)  # enough, and a learner need not wait
FOUR = FAST.but(hidden_sizes=(4,))
CLEAR, NOISY = (DataSpec("two moons", noise=noise) for noise in (0.1, 0.2))

ENTRIES = {
    "overfitting": Entry(
        _width,
        _by_accuracy,
        Twin(
            "This time: two moons with little noise.",
            CLEAR,
            (FAST, FAST.but(hidden_sizes=(1,))),
        ),
    ),
    "l2": Entry(
        _decay,
        _by_accuracy,
        Twin(
            "This time: breast cancer.",
            DataSpec("breast cancer"),
            (FAST, FAST.but(l2=1.0)),
        ),
    ),
    "dropout": Entry(
        _dropout,
        _by_test_loss,
        Twin(
            "This time: two moons, and a network of only 4 units.",
            NOISY,
            (FOUR, FOUR.but(dropout=0.5)),
        ),
    ),
    "early stopping": Entry(
        _turn,
        _by_lowest,
        Twin(
            "This time, without momentum: the network learns about ten times more slowly.",
            DataSpec(validation_size=0.2, train_rows=120),
            (SLOW,),
        ),
    ),
    "all together": Entry(
        _tools,
        _by_kept,
        Twin(
            "This time: breast cancer, and strong L2.",
            DataSpec("breast cancer", validation_size=0.2),
            (FAST.but(dropout=0.2), FAST.but(l2=1.0)),
        ),
    ),
}
"""By topic. The runs decide what is right in a twin; the settings were chosen such that it is
another answer than at first on the page."""
