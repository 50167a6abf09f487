"""The science of Regularization Lab: data, a NumPy network, its training. No Streamlit here."""

from regcore import lesson
from regcore.config import PRESETS, Config
from regcore.data import Dataset, Part, Split, split
from regcore.datasets import load_breast_cancer, load_diabetes, make_two_moons
from regcore.history import EarlyStopping, History, replay
from regcore.training import Fit, fit, weights_at

__all__ = [
    "PRESETS",
    "Config",
    "Dataset",
    "EarlyStopping",
    "Fit",
    "History",
    "Part",
    "Split",
    "fit",
    "lesson",
    "load_breast_cancer",
    "load_diabetes",
    "make_two_moons",
    "replay",
    "split",
    "weights_at",
]
