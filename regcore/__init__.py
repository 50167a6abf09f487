"""The science of Regularization Lab: data, a NumPy network, its training, experiments with it."""

from regcore import lesson
from regcore.config import PRESETS, Config
from regcore.data.bundled import load_breast_cancer, load_diabetes, make_two_moons
from regcore.data.conversion import to_dataset
from regcore.data.csv_reader import read_table
from regcore.data.dataset import Dataset, Part, Split
from regcore.data.inspection import Suspicion, inspect_table
from regcore.data.label_noise import flip_labels
from regcore.data.splitting import split
from regcore.data.table import Table, TableError
from regcore.experiments.comparison import compare, difference
from regcore.experiments.study import Plan, run_study
from regcore.training.early_stopping import EarlyStopping, replay
from regcore.training.history import History
from regcore.training.loop import Fit, fit, weights_at

__all__ = [
    "PRESETS",
    "Config",
    "Dataset",
    "EarlyStopping",
    "Fit",
    "History",
    "Part",
    "Plan",
    "Split",
    "Suspicion",
    "Table",
    "TableError",
    "compare",
    "difference",
    "fit",
    "flip_labels",
    "inspect_table",
    "lesson",
    "load_breast_cancer",
    "load_diabetes",
    "make_two_moons",
    "read_table",
    "replay",
    "run_study",
    "split",
    "to_dataset",
    "weights_at",
]
