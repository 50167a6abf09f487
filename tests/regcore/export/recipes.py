"""The nine runs whose notebooks and PyTorch scripts are executed, and files of one's own."""

from collections.abc import Callable
from functools import cache

import numpy as np

from regcore import (
    PRESETS,
    Config,
    Fit,
    fit,
    flip_labels,
    load_diabetes,
    read_table,
    split,
    to_dataset,
)
from regcore.export.recipe import Recipe
from regcore.export.tables import bundled, own

SHORT = 150
PRINTED, MEMORIZE = (preset.but(epochs=SHORT) for preset in PRESETS.values())
# Labels with spaces and capitals, decimal commas, missing cells, zeros that mean missing, an ID.
NAMES = 'id;"size; cm";weight;age;Ill?'


def own_csv(rows: int = 90) -> bytes:
    rng = np.random.default_rng(3)
    X = rng.normal(size=(rows, 3)).round(3)
    lines = [NAMES]
    for number, (a, b, c) in enumerate(X):
        label = "  Oh yes " if a + b > 0 else "no"
        cells = [f"{a}", "?" if number % 7 == 0 else f"{b}", "0" if number % 9 == 0 else f"{c + 9}"]
        lines.append(";".join([str(number), *cells, "NA" if number == 5 else label]))
    return "\r\n".join(lines).replace(".", ",").encode("utf-8-sig")


@cache
def recipe(
    config: Config,
    validation_size: float = 0.0,
    train_rows: int | None = None,
    sealed: bool = False,
    name: str = "a run",
    flipped: float = 0.0,
) -> tuple[Recipe, Fit]:
    """A run on the lesson's table, and the same run of the engine."""
    table, source = load_diabetes(), bundled("diabetes")
    parts = split(table, validation_size=validation_size, train_rows=train_rows)
    parts = flip_labels(parts, flipped)[0]
    run = fit(parts, config)
    size, history = validation_size, run.history
    return Recipe(name, config, source, len(table), parts, history, size, 42, sealed, flipped), run


def own_recipe(config: Config) -> tuple[Recipe, Fit]:
    """A run on a file of one's own."""
    dataset, source = own_source()
    parts = split(dataset)
    run = fit(parts, config)
    return Recipe("mine", config, source, len(dataset), parts, run.history), run


def own_source() -> tuple:
    chosen = {"zeros_missing": ("weight",), "leave_out": ("id",)}
    dataset = to_dataset(read_table(own_csv()), "Ill?", "Oh yes", **chosen)
    return dataset, own(dataset)


RUNS: dict[str, Callable[[], tuple[Recipe, Fit]]] = {
    "as printed": lambda: recipe(PRINTED),
    "memorize": lambda: recipe(MEMORIZE),
    "l2": lambda: recipe(MEMORIZE.but(l2=0.05)),
    "dropout": lambda: recipe(MEMORIZE.but(dropout=0.2)),
    "mini-batches": lambda: recipe(PRINTED.but(batch_size=64, epochs=30), sealed=True),
    "depth 3": lambda: recipe(PRINTED.but(hidden_sizes=(16, 8, 4), momentum=0.5)),
    "early stopping": lambda: recipe(MEMORIZE.but(patience=20, min_delta=1e-4), 0.2, 120),
    "flipped labels": lambda: recipe(MEMORIZE, 0.2, 240, flipped=0.3),
    "an upload": lambda: own_recipe(MEMORIZE.but(hidden_sizes=(8,))),
}
