"""Every public function with arguments that are good, and what must hold of its result."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from regcore import (
    Config,
    Dataset,
    EarlyStopping,
    Part,
    Split,
    fit,
    flip_labels,
    inspect_table,
    lesson,
    load_breast_cancer,
    load_diabetes,
    make_two_moons,
    read_table,
    replay,
    split,
    to_dataset,
    weights_at,
)
from regcore.data.splitting import folds
from regcore.experiments import comparison
from regcore.experiments.comparison import compare, difference
from regcore.experiments.cross_validation import best, cross_validate, optimism
from regcore.experiments.paired import chance
from regcore.experiments.study import Plan, run_study
from regcore.nn import network, parameters
from tests.support.helpers import small_part
from ui import verdicts


class Call(NamedTuple):
    """A function, good arguments for it, what holds of any result, and what else it may raise."""

    function: Callable[..., Any]
    good: dict[str, Any]
    right: Callable[[Any, dict[str, Any]], Any] = lambda result, given: True
    also: tuple[type[Exception], ...] = ()


PART, OTHER = small_part(24, 2), small_part(16, 2, seed=1)
TABLE = Dataset("small", np.vstack([PART.X, OTHER.X]), np.vstack([PART.y, OTHER.y]), ("a", "b"))
PARTS = split(TABLE, validation_size=0.25)
CONFIG = Config((2,), epochs=3)
RUN = fit(PARTS, CONFIG, checkpoint_every=2)
PLAN = Plan((CONFIG, CONFIG.but(l2=0.1)), repeats=2, validation_size=0.25)
STUDY = list(run_study(TABLE, PLAN))[-1]
ROWS = "\n".join(f"{i / 7},{i % 5},{i % 2}" for i in range(24))
CSV = f"a,b,y\n{ROWS}".encode()
FILE = read_table(CSV)
PARAMS = parameters.init_params(2, (3,), 0)
SCORES = np.array([0.7, 0.8, 0.75])


def _is_split(parts: Split, given: dict[str, Any]) -> bool:
    sizes = len(parts.train) + len(parts.test) + len(parts.validation or ())
    X = parts.train.X
    return sizes <= len(TABLE) and bool(
        np.isfinite(X).all() and np.abs(X.mean(axis=0)).max() < 1e-9
    )


def _is_probability(found: Any, given: dict[str, Any]) -> bool:
    return bool(((found >= 0.0) & (found <= 1.0)).all())


def _is_prefix(stop: Any, given: dict[str, Any]) -> bool:
    return 0 <= stop.best <= stop.stopped


def _is_column(part: Any, given: dict[str, Any]) -> bool:
    return part.X.ndim == 2 and part.y.shape == (len(part.X), 1) and not part.X.flags.writeable


def _is_config(config: Config, given: dict[str, Any]) -> bool:
    return hash(config) == hash(config.but()) and 0 <= config.dropout < 1 and config.lr > 0


def _is_run(run: Any, given: dict[str, Any]) -> bool:
    finite = all(np.isfinite(p).all() for p in run.params)
    return finite and 0 <= run.history.stopped_epoch <= run.config.epochs


def _is_interval(found: Any, given: dict[str, Any]) -> bool:
    return found.low <= found.high and found.wins + found.losses + found.ties >= 0


def _is_direction(found: int, given: dict[str, Any]) -> bool:
    change, band = float(given["change"]), float(given["band"])
    return found == (0 if not abs(change) > band * (1 + 1e-9) else np.sign(change))


def _stopped(rule: EarlyStopping) -> bool:
    return rule.update(1.0) or rule.update(1.0)


NETWORK = {"X": PART.X, "y": PART.y, "params": PARAMS, "l2": 0.1}
CALLS = {
    "Config": Call(
        Config,
        {
            **{"hidden_sizes": (2,), "lr": 0.1, "epochs": 3, "l2": 0.1, "dropout": 0.1},
            **{"momentum": 0.9, "batch_size": 3, "patience": 2, "min_delta": 0.1, "seed": 1},
        },
        _is_config,
    ),
    "Config.but": Call(CONFIG.but, {"lr": 0.1, "epochs": 3}, _is_config),
    "Config.differences": Call(CONFIG.differences, {"other": CONFIG}, lambda d, _: d == {}),
    "Part": Call(Part, {"X": PART.X, "y": PART.y}, _is_column),
    "Dataset": Call(
        Dataset,
        {
            **{"name": "a", "X": PART.X, "y": PART.y, "feature_names": ("a", "b"), "row": "r"},
            **{"outcomes": ("n", "y"), "missing": False, "lesson": False},
        },
        _is_column,
    ),
    "Dataset.select": Call(TABLE.select, {"features": ("b",)}, _is_column),
    "Split": Call(
        Split,
        {
            **{"train": PART, "validation": None, "test": OTHER, "feature_names": ("a", "b")},
            **{"mean": [0.0, 0.0], "scale": [1.0, 2.0], "fill": [0.0, 0.0]},
        },
        lambda parts, _: bool((parts.scale > 0).all()),
    ),
    "split": Call(
        split,
        {
            **{"dataset": TABLE, "test_size": 0.25, "validation_size": 0.25, "seed": 1},
            "train_rows": 12,
        },
        _is_split,
    ),
    "flip_labels": Call(
        flip_labels,
        {"split": PARTS, "share": 0.25, "seed": 1},
        lambda found, given: (
            _is_split(found[0], given)
            and bool(found[1].sum() == round(given["share"] * len(PARTS.train)))
        ),
    ),
    "folds": Call(
        folds,
        {"dataset": TABLE, "k": 2, "test_size": 0.25, "seed": 1},
        lambda found, given: all(_is_split(parts, given) for parts in found),
    ),
    "EarlyStopping": Call(
        EarlyStopping,
        {"patience": 1, "min_delta": 0.1},
        lambda rule, given: _stopped(rule) == (given["patience"] in (0, 1)),
    ),
    "EarlyStopping.update": Call(lambda value: EarlyStopping(1).update(value), {"value": 0.5}),
    "replay": Call(replay, {"losses": [3, 2, 1], "patience": 1, "min_delta": 0.1}, _is_prefix),
    "fit": Call(
        fit,
        {
            **{"split": PARTS, "config": CONFIG, "on_progress": None, "record_every": 1},
            **{"keep": [1], "checkpoint_every": 1},
        },
        _is_run,
    ),
    "weights_at": Call(
        weights_at,
        {"split": PARTS, "run": RUN, "epoch": 2},
        lambda params, given: all(p.dtype == np.float64 for p in params),
    ),
    "Fit.predict_proba": Call(RUN.predict_proba, {"X": PARTS.test.X}, _is_probability),
    "Fit.accuracy": Call(RUN.accuracy, {"part": PARTS.test}, lambda share, _: 0 <= share <= 1),
    "History.at": Call(RUN.history.at, {"epoch": 2}, lambda row, _: row["epoch"] in range(4)),
    "History.select": Call(
        RUN.history.select,
        {"rows": [0, 1]},
        lambda history, _: len(history.epoch) == len(history.train_loss) > 0,
        (IndexError,),
    ),
    "read_table": Call(read_table, {"raw": CSV}, lambda table, _: table.n_rows >= 20),
    "to_dataset": Call(
        to_dataset,
        {
            **{"table": FILE, "target": "y", "positive": "1", "zeros_missing": ("b",)},
            **{"leave_out": ("a",), "name": "mine"},
        },
        lambda found, _: len(found) == 24,
    ),
    "inspect_table": Call(inspect_table, {"table": FILE, "target": "y"}),
    "load_diabetes": Call(load_diabetes, {"path": "/nowhere/at/all.csv"}),
    "load_breast_cancer": Call(load_breast_cancer, {}, lambda found, _: len(found) == 569),
    "make_two_moons": Call(
        make_two_moons,
        {"noise": 0.1, "rows": 40, "seed": 1},
        lambda found, given: len(found) == given["rows"],
    ),
    "Plan": Call(
        Plan,
        {
            **{"configs": (CONFIG,), "repeats": 2, "test_size": 0.25, "validation_size": 0.25},
            **{"train_rows": 12, "seed": 1},
        },
        lambda plan, _: hash(plan) == hash(plan),
    ),
    "Plan.split": Call(PLAN.split, {"dataset": TABLE, "repeat": 1}, _is_split),
    "run_study": Call(
        lambda **given: list(run_study(**given))[-1],
        {"dataset": TABLE, "plan": PLAN, "executor": None, "on_progress": None, "outcomes": None},
        lambda study, _: len(study) == 2,
    ),
    "compare": Call(
        compare,
        {"study": STUDY, "config": 1, "baseline": 0},
        lambda found, given: all(_is_interval(one, given) for one in found.values()),
    ),
    "difference": Call(
        difference,
        {
            **{"ours": SCORES, "theirs": SCORES / 2, "n_train": 30, "n_test": 10},
            **{"lower_is_better": True, "step": 0.1},
        },
        _is_interval,
    ),
    "chance": Call(
        chance,
        {"first_right": np.array([1.0, 0.0, 1.0]), "second_right": np.array([1.0, 1.0, 0.0])},
        lambda found, given: found > 0,
    ),
    "cross_validate": Call(
        cross_validate,
        {
            **{"dataset": TABLE, "configs": [CONFIG], "k": 2, "test_size": 0.25, "seed": 1},
            **{"executor": None, "on_progress": None},
        },
        lambda study, given: len(study) == given["k"],
    ),
    "best": Call(
        best,
        {"study": STUDY, "by": "validation_loss"},
        lambda place, _: place in (0, 1),
        (KeyError,),
    ),
    "optimism": Call(
        optimism,
        {"study": STUDY, "fixed": 0, "by": "validation_loss"},
        lambda found, _: found.picks.shape == found.chosen.shape == found.fixed.shape,
        (KeyError,),
    ),
    "network.objective": Call(network.objective, NETWORK, lambda J, _: bool(np.isfinite(J))),
    "network.gradients": Call(
        network.gradients,
        {**NETWORK, "masks": [np.ones((24, 3))]},
        lambda found, _: [p.shape for p in found] == [p.shape for p in PARAMS],
    ),
    "network.slope": Call(
        network.slope,
        {**NETWORK, "layer": 0, "row": 1, "column": 2, "step": 1e-5},
        lambda found, _: bool(np.isfinite(found)),
        (IndexError,),
    ),
    "comparison.direction": Call(
        comparison.direction, {"change": 0.1, "band": 0.01}, _is_direction
    ),
    "verdicts.judge_direction": Call(
        verdicts.judge_direction,
        {"said": 1, "change": 0.1, "band": 0.01},
        lambda verdict, _: verdict in verdicts.VERDICTS,
    ),
    "verdicts.judge_epoch": Call(
        verdicts.judge_epoch,
        {"said": 10, "was": 20},
        lambda verdict, _: verdict in verdicts.VERDICTS,
    ),
    "verdicts.epoch_choices": Call(
        verdicts.epoch_choices, {"last": 90}, lambda found, given: found[-1] == given["last"]
    ),
    "verdicts.checked": Call(
        verdicts.checked,
        {"record": {"l2": {"verdict": "right", "said": "a", "was": "a"}}, "topics": ("l2",)},
        lambda found, given: found == given["record"],
    ),
    "lesson.train": Call(
        lesson.train,
        {
            **{"X": PART.X, "y": PART.y, "n_hidden": 2, "lr": 0.1, "epochs": 2, "l2": 0.1},
            "seed": 1,
        },
        lambda params, _: len(params) == 4,
    ),
    "lesson.init_params": Call(
        lesson.init_params,
        {"n_features": 2, "n_hidden": 3, "seed": 1},
        lambda params, given: params[0].shape == (given["n_features"], given["n_hidden"]),
    ),
    "lesson.accuracy": Call(
        lambda y: lesson.accuracy(PART.X, y, PARAMS),
        {"y": PART.y},
        lambda share, _: 0 <= share <= 1,
    ),
}
