"""A standalone script for a run, which prints the same figures where rounding leaves them."""

from dataclasses import fields

from regcore.config import Config
from regcore.training.sensitivity import may_amplify

TEMPLATE = '''"""Trains one run of Regularization Lab again. Start it from the project's folder.

{exactness}
"""

import sys

sys.path.insert(0, ".")

from regcore import Config, fit, {loader}, split

NAME = {name!r}
parts = split({table}, validation_size={validation_size!r}, seed={seed!r})
config = Config(
{settings}
)
run = fit(parts, config)
print(NAME, "after epoch", run.kept_epoch, "of", run.history.stopped_epoch)
scores = run.history.at(run.kept_epoch)
for score in ("train_accuracy", "validation_accuracy", "train_loss", "validation_loss"):
    if score in scores:
        print(score, scores[score])
'''
STABLE = "The app's figures come out again, on other processors but for the last digits."
AMPLIFIES = """On the app's machine its figures come out again. With such settings a run may amplify
rounding, and then it ends elsewhere on another processor: the app shows which digits stay."""


def script_for(
    name: str,
    config: Config,
    validation_size: float,
    seed: int = 42,
    table: str = "load_diabetes()",
) -> str:
    """Python source that splits, trains and prints as the app did. `name` may be any text.

    table  a call of one of regcore's functions that give a Dataset
    """
    settings = "\n".join(f"    {f.name}={getattr(config, f.name)!r}," for f in fields(config))
    return TEMPLATE.format(
        name=name,
        exactness=AMPLIFIES if may_amplify(config) else STABLE,
        table=table,
        loader=table.partition("(")[0],
        validation_size=validation_size,
        seed=seed,
        settings=settings,
    )
