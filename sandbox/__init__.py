"""Run a learner's untrusted code in a limited process. Imports nothing else of this project."""

from sandbox.code import DEFAULT_LIMITS, MAX_SOURCE, Code, Held, held, running
from sandbox.process import AnswerError, Limits, MachineError

__all__ = ["DEFAULT_LIMITS", "MAX_SOURCE", "AnswerError", "Code", "Held", "Limits", "MachineError"]
__all__ += ["held", "running"]
