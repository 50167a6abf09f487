"""The science of Regularization Lab: data, a NumPy network, its training. No Streamlit here."""

from regcore import lesson
from regcore.config import PRESETS, Config
from regcore.data import Dataset, Part, Split, split
from regcore.datasets import load_breast_cancer, load_diabetes, make_two_moons
from regcore.history import EarlyStopping, History, replay
from regcore.suspicions import Suspicion, inspect_table
from regcore.table import Table, TableError, to_dataset
from regcore.training import Fit, fit, weights_at
from regcore.upload import read_table

__all__ = [
    "PRESETS",
    "Config",
    "Dataset",
    "EarlyStopping",
    "Fit",
    "History",
    "Part",
    "Split",
    "Suspicion",
    "Table",
    "TableError",
    "fit",
    "inspect_table",
    "lesson",
    "load_breast_cancer",
    "load_diabetes",
    "make_two_moons",
    "read_table",
    "replay",
    "split",
    "to_dataset",
    "weights_at",
]
