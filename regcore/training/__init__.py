"""Training: gradient descent on a Split, and the History of what it did."""

from regcore.training.loop import Fit, fit, weights_at

__all__ = ["Fit", "fit", "weights_at"]
