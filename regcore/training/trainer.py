"""Trainer: the state of one run, and a step of one epoch of gradient descent."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from regcore.checks import Array
from regcore.config import Config
from regcore.data.dataset import Part
from regcore.nn import parameters
from regcore.nn.backprop import TrainingPass, as_columns
from regcore.nn.mask_stream import MaskStream
from regcore.nn.parameters import Params
from regcore.nn.regularizers import regularizers_of
from regcore.training.optimizer import SGD


class State(NamedTuple):
    """The state of a run, from which it can continue: see `Trainer.rewind`."""

    epoch: int
    theta: Array
    velocity: Array
    streams: tuple[Any, Any]


class Trainer:
    """Parameters theta, velocity and random streams of one run; for `nudge` see `fit`."""

    def __init__(self, train: Part, config: Config, nudge: float = 0.0) -> None:
        self.config = config
        self.shapes = parameters.layer_shapes(train.X.shape[1], config.hidden_sizes)
        self.theta = parameters.flatten(
            parameters.init_params(train.X.shape[1], config.hidden_sizes, config.seed)
        )
        if nudge:
            draws = np.random.default_rng([config.seed, 3])
            self.theta *= 1.0 + nudge * draws.standard_normal(len(self.theta))
        self.grad = np.empty_like(self.theta)
        self.blocks = parameters.blocks_of(self.theta, self.shapes)
        self.grad_blocks = parameters.blocks_of(self.grad, self.shapes)
        self.optimizer = SGD(self.theta, config.lr, config.momentum)
        self.regularizers = regularizers_of(config, parameters.weight_mask(self.shapes))
        # separate streams, so that dropout and shuffling do not change the starting weights
        self.order = np.random.default_rng([config.seed, 1])
        self.masks = MaskStream(np.random.default_rng([config.seed, 2]), config.dropout)
        self.X, self.y = as_columns(train.X), train.y[:, 0]
        self.batch_size = min(config.batch_size or len(train), len(train))
        self.passes: dict[int, TrainingPass] = {}
        self.whole = self._pass(len(train))
        self.whole.A[0][:] = self.X
        self.epoch = 0
        self.current = False  # whether `whole` holds the forward pass of the current theta

    def logits(self) -> Array:
        """z (n,) of all training rows at the current weights, dropout off."""
        if not self.current:
            self.whole.forward()
            self.current = True
        return self.whole.z

    def penalty(self) -> float:
        """The sum of all regularizers at the current weights."""
        return sum((r.penalty(self.theta) for r in self.regularizers), 0.0)

    def step(self) -> None:
        """One epoch: a gradient step for each batch."""
        for batch, y in self._batches():
            known = batch is self.whole and self.current
            if self.config.dropout:
                batch.forward_with_dropout(self.masks, known)
            elif not known:
                batch.forward()
            batch.backward(y)
            for regularizer in self.regularizers:
                regularizer.add_gradient(self.grad, self.theta)
            self.optimizer.step(self.grad)
            self.current = False
        self.epoch += 1

    def params(self) -> Params:
        """A read-only copy of the current weights as (W1, b1, ..., WL, bL)."""
        return parameters.params_of(self.theta, self.shapes)

    def state(self) -> State:
        """A copy of everything that the rest of the run depends on."""
        streams = (self.order.bit_generator.state, self.masks.state)
        return State(self.epoch, self.theta.copy(), self.optimizer.velocity.copy(), streams)

    def rewind(self, state: State, epoch: int) -> None:
        """Go back to `state` and train to `epoch`, which gives the same weights bit for bit."""
        self.epoch, self.current = state.epoch, False
        self.theta[:], self.optimizer.velocity[:] = state.theta, state.velocity
        self.order.bit_generator.state, self.masks.state = state.streams
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
        """The buffers for batches of n rows, allocated when first needed."""
        if n not in self.passes:
            self.passes[n] = TrainingPass(self.blocks, n, self.grad_blocks)
        return self.passes[n]
