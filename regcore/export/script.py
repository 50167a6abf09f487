"""A standalone script for a run, which prints the same figures up to rounding."""

from dataclasses import fields

from regcore.config import Config
from regcore.training.history import PARTS
from regcore.training.sensitivity import may_amplify

TEMPLATE = '''"""Trains one run of Regularization Lab again. Run it in the project's folder.

{exactness}
"""

import sys

sys.path.insert(0, ".")

from regcore import Config, fit, {names}

NAME = {name!r}
parts = split({table}, validation_size={validation_size!r}, seed={seed!r}{fewer}){flips}
config = Config(
{settings}
)
run = fit(parts, config)
print(NAME, "after epoch", run.kept_epoch, "of", run.history.stopped_epoch)
scores = run.history.at(run.kept_epoch)
for score in {scores}:
    if score in scores:
        print(score, scores[score])
'''
FLIPS = "\nparts, _ = flip_labels(parts, {!r}, {!r})  # lies about training rows"
STABLE = "It reproduces the app's figures; on other processors the last digits may differ."
AMPLIFIES = """On the app's machine it reproduces the app's figures. With these settings a run may
amplify rounding and end differently on another processor: the app shows which digits are stable."""


def script_for(
    name: str,
    config: Config,
    validation_size: float,
    seed: int = 42,
    table: str = "load_diabetes()",
    train_rows: int | None = None,
    sealed: bool = True,
    flipped: float = 0.0,
) -> str:
    """Return Python source that splits, trains and prints as the app did; `name` is any text.

    table   a call of a function of regcore that returns a Dataset
    sealed  whether it leaves out the scores of the test set
    flipped the share of the training labels that is turned over
    """
    parts = ("train", "validation") if sealed else PARTS
    scores = ", ".join(f'"{part}_{score}"' for score in ("accuracy", "loss") for part in parts)
    settings = "\n".join(f"    {f.name}={getattr(config, f.name)!r}," for f in fields(config))
    return TEMPLATE.format(
        name=name,
        exactness=AMPLIFIES if may_amplify(config) else STABLE,
        table=table,
        names=", ".join([*["flip_labels"] * bool(flipped), table.partition("(")[0], "split"]),
        validation_size=validation_size,
        seed=seed,
        fewer="" if train_rows is None else f", train_rows={train_rows!r}",
        flips=FLIPS.format(flipped, seed) if flipped else "",
        scores=f"({scores})",
        settings=settings,
    )
