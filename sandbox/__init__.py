"""Run a learner's untrusted code in a limited process. Imports nothing else of this project."""

from sandbox.code import (
    DEFAULT_LIMITS,
    MAX_SOURCE,
    AnswerError,
    Code,
    Held,
    Limits,
    held,
    limits_enforced,
    running,
)
from sandbox.process import MachineError

__all__ = ["DEFAULT_LIMITS", "MAX_SOURCE", "AnswerError", "Code", "Held", "Limits", "MachineError"]
__all__ += ["held", "limits_enforced", "running"]
