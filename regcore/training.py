"""fit: Split + Config -> Fit. Gradient descent with everything the app teaches.

One pass over the data is `Trainer.step`; `Recorder` writes the History beside it and never
touches the training arithmetic, so that what is recorded cannot change what is learned.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from regcore import network
from regcore.config import MAX_EPOCHS, PRESETS, Config, whole
from regcore.history import EarlyStopping, History, Stop, replay
from regcore.network import Array, Params, TrainingPass
from regcore.recorder import Recorder
from regcore.threads import one_blas_thread

if TYPE_CHECKING:  # the engine itself needs NumPy only
    from regcore.data import Part, Split

__all__ = ["PRESETS", "Config", "EarlyStopping", "Fit", "History", "Stop", "fit", "replay"]

PROGRESS_SECONDS = 0.03
Progress = Callable[[int, int], object]


@dataclass(frozen=True, eq=False)
class Fit:
    """A finished run; its arrays are read-only, since sessions share them.

    params       (W1, b1, ..., WL, bL): the best epoch's when patience was set, else the last
    last_params  those of the last epoch, whatever was restored
    snapshots    epoch -> params, for the epochs asked for
    """

    config: Config
    params: Params
    history: History
    last_params: Params
    snapshots: Mapping[int, Params]

    def predict_proba(self, X: Array) -> Array:
        """Probability of outcome 1, (n, 1), for standardised rows X (n, d); dropout is off."""
        return network.sigmoid(network.logits(X, self.params))

    def accuracy(self, part: "Part") -> float:
        """Share of rows of `part` whose prediction, probability > 0.5, is right."""
        return float(np.mean((network.logits(part.X, self.params) > 0.0) == part.y))

    def __post_init__(self) -> None:
        object.__setattr__(self, "snapshots", MappingProxyType(dict(self.snapshots)))
        for params in (self.params, self.last_params, *self.snapshots.values()):
            network.freeze(*params)

    def __reduce__(self) -> tuple[Any, ...]:
        # made anew by a pickle or a copy, whose arrays would else come back writable
        snapshots = dict(self.snapshots)
        return Fit, (self.config, self.params, self.history, self.last_params, snapshots)


class State(NamedTuple):
    """A point in a run from which it can go on: see `Trainer.rewind`."""

    epoch: int
    theta: Array
    velocity: Array
    streams: tuple[Any, Any]


class Trainer:
    """Parameters theta, velocity and random streams of one run; `step` is one epoch."""

    def __init__(self, train: "Part", config: Config) -> None:
        self.config = config
        self.shapes = network.layer_shapes(train.X.shape[1], config.hidden_sizes)
        self.theta = network.flatten(
            network.init_params(train.X.shape[1], config.hidden_sizes, config.seed)
        )
        self.grad, self.velocity = np.empty_like(self.theta), np.zeros_like(self.theta)
        self.blocks = network.blocks_of(self.theta, self.shapes)
        self.grad_blocks = network.blocks_of(self.grad, self.shapes)
        self.decay = config.l2 * network.weight_mask(self.shapes)
        # streams of their own: dropout or shuffling never change the starting weights
        self.order = np.random.default_rng([config.seed, 1])
        self.draws = np.random.default_rng([config.seed, 2])
        self.X, self.y = network.as_columns(train.X), train.y[:, 0]
        self.batch_size = min(config.batch_size or len(train), len(train))
        self.passes: dict[int, TrainingPass] = {}
        self.whole = self._pass(len(train))
        self.whole.A[0][:] = self.X
        self.epoch = 0
        self.current = False  # whether `whole` holds a forward pass at today's theta

    def logits(self) -> Array:
        """z (n,) of all training rows at the present weights, dropout off."""
        if not self.current:
            self.whole.forward()
            self.current = True
        return self.whole.z

    def penalty(self) -> float:
        """(l2 / 2) * (sum of squared weights) at the present weights."""
        return 0.5 * float(self.theta @ (self.decay * self.theta)) if self.config.l2 else 0.0

    def step(self) -> None:
        """One epoch: a gradient step for each batch."""
        for batch, y in self._batches():
            masks = self._masks(len(y)) if self.config.dropout else None
            if masks or batch is not self.whole or not self.current:
                batch.forward(masks)
            batch.backward(y)
            self._descend()
            self.current = False
        self.epoch += 1

    def params(self) -> Params:
        """A read-only copy of the present weights as (W1, b1, ..., WL, bL)."""
        return network.params_of(self.theta, self.shapes)

    def state(self) -> "State":
        """All that the rest of the run depends on, copied."""
        streams = (self.order.bit_generator.state, self.draws.bit_generator.state)
        return State(self.epoch, self.theta.copy(), self.velocity.copy(), streams)

    def rewind(self, state: "State", epoch: int) -> None:
        """Go back to `state` and step on to `epoch`: the same weights, bit for bit."""
        self.epoch, self.current = state.epoch, False
        self.theta[:], self.velocity[:] = state.theta, state.velocity
        self.order.bit_generator.state, self.draws.bit_generator.state = state.streams
        while self.epoch < epoch:
            self.step()

    def _batches(self) -> Iterator[tuple[TrainingPass, Array]]:
        n = len(self.y)
        if self.batch_size == n:
            yield self.whole, self.y
            return
        order = self.order.permutation(n)
        for rows in np.split(order, range(self.batch_size, n, self.batch_size)):
            batch = self._pass(len(rows))
            np.take(self.X, rows, axis=1, out=batch.A[0], mode="clip")
            yield batch, self.y[rows]

    def _pass(self, n: int) -> TrainingPass:
        """The buffers for batches of n rows, made when first needed."""
        if n not in self.passes:
            self.passes[n] = TrainingPass(self.blocks, n, self.grad_blocks)
        return self.passes[n]

    def _masks(self, n: int) -> list[Array]:
        p = self.config.dropout
        return [network.dropout_mask(self.draws, (h, n), p) for h in self.config.hidden_sizes]

    def _descend(self) -> None:
        """θ ← θ - η (∂L/∂θ + λθ), through the velocity when there is momentum."""
        config, step = self.config, self.grad
        if config.l2:
            step += self.decay * self.theta
        if config.momentum:
            self.velocity *= config.momentum
            self.velocity += step
            step[:] = self.velocity
        step *= config.lr
        self.theta -= step


def fit(
    split: "Split",
    config: Config,
    on_progress: Progress | None = None,
    *,
    record_every: int = 1,
    keep: Sequence[int] = (),
) -> Fit:
    """Train a network on split.train as `config` says and score all parts along the way.

    on_progress(epoch, epochs) is called every 30 ms and may raise to end the run with nothing
    made. record_every thins the History (a run with patience looks at every epoch all the
    same); keep lists epochs whose weights become `snapshots`.

    Raises ValueError when patience is set and the split has no validation part, or when
    record_every or keep is out of range.
    """
    _check_patience(split, config)
    whole("record_every", record_every, 1, MAX_EPOCHS)
    every = 1 if config.patience else record_every
    wanted = frozenset(whole("keep", epoch, 0, config.epochs) for epoch in keep)
    with one_blas_thread(), np.errstate(all="ignore"):  # divergence is reported, not warned about
        trainer = Trainer(split.train, config)
        recorder = Recorder(split, trainer, every)
        return _run(trainer, recorder, on_progress, wanted)


def _run(
    trainer: Trainer, recorder: Recorder, on_progress: Progress | None, keep: frozenset[int]
) -> Fit:
    config, reason = trainer.config, "completed"
    snapshots: dict[int, Params] = {}
    for epoch in _epochs(config.epochs, on_progress):
        if epoch:
            trainer.step()
        if epoch in keep:
            snapshots[epoch] = trainer.params()
        if end := recorder.add(epoch):
            reason = end
            break
    history = recorder.history(reason)
    last = network.params_of(recorder.theta, trainer.shapes)
    best = last if recorder.best is None else network.params_of(recorder.best, trainer.shapes)
    kept = {epoch: params for epoch, params in snapshots.items() if epoch <= history.stopped_epoch}
    return Fit(config, best, history, last, kept)


def _epochs(epochs: int, on_progress: Progress | None) -> Iterator[int]:
    """0, 1, ..., epochs; reports progress a few dozen times a second."""
    due = perf_counter() + PROGRESS_SECONDS
    for epoch in range(epochs + 1):
        if on_progress is not None and perf_counter() >= due:
            on_progress(epoch, epochs)
            due = perf_counter() + PROGRESS_SECONDS
        yield epoch


def _check_patience(split: "Split", config: Config) -> None:
    if config.patience is not None and split.validation is None:
        raise ValueError(
            f"patience is {config.patience}, but there is no validation part to watch; "
            "split with validation_size above 0, or set patience to None."
        )
