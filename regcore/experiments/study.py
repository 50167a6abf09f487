"""Study: the same Configs on many random splits, paired for comparison."""

from collections.abc import Callable, Generator, Iterable, Iterator, MutableMapping
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import chain, groupby, product
from operator import itemgetter
from typing import Any

import numpy as np

from regcore.checks import Array, check_kind, number, optional_call, real, shown, whole
from regcore.config import MAX_SEED, Config
from regcore.data.dataset import Dataset, Split
from regcore.data.label_noise import FLIPPED, flip_labels
from regcore.data.splitting import split
from regcore.experiments.outcome import Outcome, spacing, train_outcome
from regcore.experiments.parallel import Report, Work, collect

MAX_REPEATS = 1000
MAX_CONFIGS = 20
MAX_ROWS = 10**9
Key = tuple[int, int]  # a repeat, and the index of a Config
Outcomes = MutableMapping[Key, Outcome]


@dataclass(frozen=True)
class Plan:
    """The runs of a study: every Config on every one of `repeats` random splits. Hashable.

    Repeat r is split with seed + r, and the share `flipped` of its training labels is turned over.
    Each Config then gets a seed made from its own seed and r: Configs with the same seed start
    every repeat from the same weights, which pairs them; Configs with different seeds never do.

    Raises TypeError or ValueError with one sentence that names the value and what is allowed;
    the sizes are checked against a dataset when it is split.
    """

    configs: tuple[Config, ...]
    repeats: int = 20
    test_size: float = 0.25
    validation_size: float = 0.0
    train_rows: int | None = None
    seed: int = 0
    flipped: float = 0.0

    def __post_init__(self) -> None:
        checked = {
            "configs": checked_configs(self.configs),
            "repeats": whole("repeats", self.repeats, 1, MAX_REPEATS),
            "test_size": number("test_size", self.test_size),
            "validation_size": number("validation_size", self.validation_size),
            "seed": whole("seed", self.seed, 0, MAX_SEED - MAX_REPEATS),
            "flipped": real("flipped", self.flipped, *FLIPPED),
        }
        if self.train_rows is not None:
            checked["train_rows"] = whole("train_rows", self.train_rows, 0, MAX_ROWS)
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        for config in self.configs:
            if config.patience is not None and not self.validation_size:
                raise ValueError(
                    f"patience is {config.patience}, but there is no validation part to watch; "
                    "set validation_size above 0, or patience to None."
                )

    def split(self, dataset: Dataset, repeat: int) -> Split:
        """The parts of one repeat, counted from 0. Raises the errors of `regcore.split`."""
        seed = self.seed + whole("repeat", repeat, 0, MAX_REPEATS)
        parts = split(dataset, self.test_size, self.validation_size, seed, self.train_rows)
        return flip_labels(parts, self.flipped, seed)[0]


def checked_configs(configs: Any) -> tuple[Config, ...]:
    """`configs` as a tuple. Raises TypeError or ValueError unless it holds 1 to 20 Configs."""
    if not isinstance(configs, tuple | list) or not 1 <= len(configs) <= MAX_CONFIGS:
        raise ValueError(f"configs is {shown(configs)}; it must be 1 to {MAX_CONFIGS} Configs.")
    for config in configs:
        check_kind("config", config, Config)
    return tuple(configs)


def check_executor(executor: Any) -> None:
    """Raises TypeError unless `executor` is None or has `submit`."""
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise TypeError(f"executor is {shown(executor)}; it must be an Executor or None.")


def repeated(config: Config, repeat: int) -> Config:
    """`config` with its seed for that repeat, a hash of its own seed and `repeat`."""
    seed = np.random.SeedSequence([config.seed, repeat]).generate_state(1)
    return config.but(seed=int(seed[0]))


@dataclass(frozen=True, eq=False)
class Repeat:
    """One split, and the Outcome of each Config on it, in the order of the Configs."""

    index: int
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, eq=False)
class Study:
    """The repeats in which every Config was run, in order; n_train and n_test count rows."""

    configs: tuple[Config, ...]
    n_train: int
    n_test: int
    repeats: tuple[Repeat, ...]

    def __len__(self) -> int:
        return len(self.repeats)

    def scores(self, config: int, name: str) -> Array:
        """A score (r,) of the Config at that index, repeat by repeat; names as in `Outcome.score`.

        Raises ValueError when there is no such index, and KeyError when there is no such score.
        """
        config = self.place("config", config)
        return np.array([repeat.outcomes[config].score(name) for repeat in self.repeats])

    def place(self, name: str, config: int) -> int:
        """`config` as int. Raises ValueError unless it is the index of one of the Configs."""
        return whole(name, config, 0, len(self.configs) - 1)

    def curves(self, config: int, name: str) -> tuple[Array, Array]:
        """Epochs (m,), and a column of the History (r, m) at them; NaN after the end of a run."""
        epochs = self.configs[config].epochs
        shown = np.union1d(np.arange(0, epochs + 1, spacing(epochs)), epochs)
        values = np.full((len(self), len(shown)), np.nan)
        for row, repeat in zip(values, self.repeats, strict=True):
            history = repeat.outcomes[config].history
            _, ours, theirs = np.intersect1d(shown, history.epoch, return_indices=True)
            row[ours] = getattr(history, name)[theirs]
        return shown, values


def run_study(
    dataset: Dataset,
    plan: Plan,
    executor: Executor | None = None,
    on_progress: Report | None = None,
    outcomes: Outcomes | None = None,
) -> Generator[Study, None, None]:
    """Run a plan; yields the Study so far whenever a repeat is complete, the whole Study last.

    with closing(run_study(dataset, plan, executor)) as studies:
        for study in studies: ...

    executor     where the runs are trained; None: in a thread of this process, one by one.
                 The results are bit for bit the same, in whatever order the runs end
    on_progress  gets the share done, ten times a second. If it raises or the iterator is
                 closed, all running and queued runs end
    outcomes     (repeat, index of the Config) -> Outcome: finished runs are added, and runs
                 that are there already are skipped. With it, a stopped study, or one with
                 fewer repeats, continues. Use it only with the same dataset and with plans that
                 differ in `repeats` alone

    Raises TypeError or ValueError when an argument has the wrong type or cannot be split.
    """
    check_kind("dataset", dataset, Dataset)
    check_kind("plan", plan, Plan)
    check_executor(executor)
    optional_call("on_progress", on_progress)
    outcomes = {} if outcomes is None else outcomes
    if not isinstance(outcomes, MutableMapping):
        raise TypeError(f"outcomes is {shown(outcomes)}; it must be a dict or None.")
    for known in outcomes.values():
        check_kind("outcome", known, Outcome)
    like, tasks = plan.split(dataset, 0), partial(_runs, plan, dataset)
    return grow(plan.configs, plan.repeats, like, tasks, executor, on_progress, outcomes)


def gathered(configs: tuple[Config, ...], like: Split, outcomes: Outcomes, repeats: int) -> Study:
    """The Study of those of the first `repeats` repeats that are complete; `like` is any split."""
    places = range(len(configs))
    complete = (r for r in range(repeats) if all((r, place) in outcomes for place in places))
    done = (Repeat(r, tuple(outcomes[r, place] for place in places)) for r in complete)
    return Study(configs, len(like.train), len(like.test), tuple(done))


def grow(
    configs: tuple[Config, ...],
    repeats: int,
    like: Split,
    tasks: Callable[[list[Key]], Iterable[tuple[Key, Work]]],
    executor: Executor | None,
    on_progress: Report | None,
    outcomes: Outcomes,
) -> Generator[Study, None, None]:
    """Run tasks(keys) for the keys (repeat, place) without an Outcome, as `run_study` does."""
    keys = list(product(range(repeats), range(len(configs))))
    missing = [key for key in keys if key not in outcomes]

    def report(done: float) -> None:
        if on_progress is not None:
            on_progress((len(keys) - len(missing) + done) / len(keys))

    yielded = 0
    with closing(collect(outcomes, tasks(missing), executor, report)) as steps:
        for _ in chain([None], steps):  # the outcomes given come first
            study = gathered(configs, like, outcomes, repeats)
            if len(study) > yielded:
                yield study
            yielded = len(study)


def _runs(plan: Plan, dataset: Dataset, keys: list[Key]) -> Iterator[tuple[Key, Work]]:
    """Yield the task of each key; a repeat is split when its first run starts."""
    for repeat, group in groupby(keys, key=itemgetter(0)):
        parts = plan.split(dataset, repeat)
        for key in group:
            yield key, partial(train_outcome, parts, repeated(plan.configs[key[1]], repeat))
