"""Training: gradient descent on a Split, and its History."""

from regcore.training.loop import Fit, fit, weights_at

__all__ = ["Fit", "fit", "weights_at"]
