"""Right answers of unusual types, and wrong answers of the kinds that once passed."""

import collections
import decimal
import enum
import fractions
import types

import numpy as np

from regcore.exercises import TASKS, Task
from regcore.exercises import reference_runs as runs
from tests.regcore.exercises.answers import edited

SWEEP, SMALLER, SIZES, GRADIENT, DROPOUT, STOPPING, CHOOSING, CURVES, *_ = TASKS.values()

IMPORTS = "import array, collections, decimal, enum, fractions, typing\nimport numpy as np\n"


def returning(task: Task, expression: str) -> str:
    """The solution, with `expression` in place of the result `r` of its first function."""
    name = task.functions[0]
    return (
        f"{IMPORTS}{task.solution}\nright = {name}\nclass Own(np.ndarray): pass\n"
        f"class Two(tuple): pass\nclass Zero(enum.IntEnum): ZERO = 0\n\n"
        f"def {name}(*args):\n    r = right(*args)\n    return {expression}\n"
    )


def returned(task: Task, what: str, expressions: dict[str, str]) -> dict[str, tuple[Task, str]]:
    """Right answers to a task that differ in what its first function returns, by name."""
    return {f"{what} {n}": (task, returning(task, code)) for n, code in expressions.items()}


def masked(mask: str, backward: str = "dA * mask", before: str = "n, h = A.shape") -> str:
    """An answer to task 5 with this mask of a matrix A (n, h)."""
    return (
        f"{IMPORTS}def dropout(A, p, rng, training):\n    {before}\n    n, h = A.shape\n"
        f"    mask = {mask} if training else np.ones((n, h))\n    return A * mask, mask\n\n"
        f"def dropout_backward(dA, mask):\n    return {backward}\n"
    )


KEPT = "(rng.random(A.shape) >= p) / (1 - p)"

RIGHT = {  # name -> task, source
    **returned(
        GRADIENT,
        "gradients as",
        {
            "a namedtuple": "collections.namedtuple('G', 'a b c d')(*r)",
            "a tuple of its own": "Two(r)",
            "a list": "list(r)",
            "a deque": "collections.deque(r)",
            "float32": "[a.astype(np.float32) for a in r]",
            "long double": "[a.astype(np.longdouble) for a in r]",
            "matrices": "[a.view(np.matrix) for a in r]",
            "arrays of its own": "[a.view(Own) for a in r]",
            "masked arrays without a mask": "[np.ma.array(a) for a in r]",
            "arrays in Fortran's order": "[np.asfortranarray(a) for a in r]",
            "read-only views": "[np.broadcast_to(a, a.shape) for a in r]",
        },
    ),
    **returned(
        STOPPING,
        "epochs as",
        {
            "a namedtuple": "collections.namedtuple('Stop', 'best stopped')(*r)",
            "an array": "np.array(r)",
            "an array of int16": "np.array(r, np.int16)",
            "whole floats": "(float(r[0]), np.float32(r[1]))",
            "0-d arrays": "(np.array(r[0]), np.array([r[1]]))",
            "an array.array": "array.array('i', r)",
            "a range": "range(r[0], r[1] + 1, r[1] - r[0]) if r[0] < r[1] else r",
            "members of an Enum": "(Zero(0) if r[0] == 0 else r[0], r[1])",
            "decimals": "[decimal.Decimal(e) for e in r]",
        },
    ),
    **returned(
        CHOOSING,
        "λ as",
        {
            "float32": "np.float32(r)",
            "float16, if it can hold it": "np.float16(r) if 1e-4 < r < 6e4 else r",
            "a 0-d array": "np.array(r)",
            "a decimal": "decimal.Decimal(r)",
            "a fraction": "fractions.Fraction(r)",
            "a matrix of one": "np.matrix(r)",
        },
    ),
    **{
        f"dropout with {name}": (DROPOUT, source)
        for name, source in {
            "a spawned rng": masked(KEPT, before="rng, = rng.spawn(1)"),
            "two spawned rngs": masked(KEPT, before="rng = [rng.spawn(1), rng.spawn(1)][1][0]"),
            "a seed from rng": masked(
                KEPT, before="rng = np.random.default_rng(rng.integers(2**63))"
            ),
            "a spawned seed": masked(
                KEPT, before="rng = np.random.default_rng(rng.bit_generator.seed_seq.spawn(2)[1])"
            ),
            "its entropy": masked(
                KEPT, before="rng = np.random.default_rng(rng.bit_generator.seed_seq.entropy)"
            ),
            "float32": masked(f"({KEPT}).astype(np.float32)"),
            "float32 draws": masked("(rng.random(A.shape, np.float32) >= p) / (1 - p)"),
            "binomial draws": masked("rng.binomial(1, 1 - p, A.shape) / (1 - p)"),
            "choices": masked("rng.choice([0, 1 / (1 - p)], A.shape, p=[p, 1 - p])"),
            "a list": returning(DROPOUT, "list(r)"),
            "matrices": returning(DROPOUT, "[a.view(np.matrix) for a in r]"),
            "float32 outputs": returning(DROPOUT, "[a.astype('f4') for a in r]"),
            "a namedtuple": returning(DROPOUT, "collections.namedtuple('D', 'out mask')(*r)"),
        }.items()
    },
}

FIRST = "    for epoch, loss in enumerate(losses):\n"

WRONG = [  # task, words of what is said, source or what is changed in the solution
    # ---- the first loss is NaN
    (STOPPING, "your rule returns", 'float("inf"), 0, 0', "losses[0], 0, 0"),
    (STOPPING, "start from the first loss", "if loss < best -", "if epoch == 0 or loss < best -"),
    (STOPPING, "not what the text says", "loss < best -", "epoch and not loss >= best -"),
    (STOPPING, "not what the text says", 'float("inf")', "1000"),
    (STOPPING, "not what the text says", FIRST, FIRST + "        loss = round(loss, 2)\n"),
    (STOPPING, "not what the text", FIRST, FIRST + "        if loss != loss: continue\n"),
    (STOPPING, "not what the text", FIRST, FIRST + "        wait = 0 if loss != loss else wait\n"),
    # ---- p other than tenths, and a factor written in
    (DROPOUT, "of the entries are dropped", masked("(rng.random(A.shape) >= round(p, 1)) / (1-p)")),
    (DROPOUT, "are multiplied by", masked("(rng.random(A.shape) >= p) / (1 - round(p, 1))")),
    (DROPOUT, "are multiplied by", masked("(rng.random(A.shape) >= p) / (1 - round(p, 2))")),
    (DROPOUT, "of the entries are dropped", masked("(rng.random(A.shape) >= 0.4) / (1 - p)")),
    (DROPOUT, "are multiplied by", masked("(rng.random(A.shape) >= p) / 0.6")),
    (DROPOUT, "are multiplied by", masked("(rng.random(A.shape) >= p) * (1.25 if p<.3 else 5/3)")),
    (DROPOUT, "must return dA times", masked(KEPT, "dA * (mask > 0) / 0.6")),
    (DROPOUT, "must return dA times", masked(KEPT, "dA * (mask > 0) * 1.25")),
    (DROPOUT, "must return dA times", masked(KEPT, "dA * (mask > 0) / (mask > 0).mean()")),
    (DROPOUT, "must not depend on A", masked(f"{KEPT} * (A != 0)")),
    (DROPOUT, "of the entries are dropped", masked(f"np.where(A > 0, {KEPT}, 1)")),
    # ---- masks that entries share
    *(
        (
            DROPOUT,
            "Each entry needs a draw|of the entries are dropped",
            masked(f"(({draws}) >= p) / (1 - p)"),
        )
        for draws in (
            "np.repeat(rng.random(((n + 1) // 2, h)), 2, 0)[:n]",
            "np.repeat(rng.random((n, (h + 1) // 2)), 2, 1)[:, :h]",
            "np.tile(rng.random(((n + 1) // 2, h)), (2, 1))[:n]",
            "rng.permutation(np.tile(rng.random(((n + 1) // 2, h)), (2, 1))[:n])",
            "np.resize(rng.random(n * h // 2 + 1), A.shape)",
            "(lambda r: np.array([np.roll(r, i) for i in range(n)]))(rng.random(h))",
            "(lambda r: np.vstack([r, 1 - r])[:n])(rng.random(((n + 1) // 2, h)))",
            "np.zeros(A.shape) + rng.random((n, 1))",
            "np.zeros(A.shape) + rng.random(h)",
        )
    ),
    # ---- λ = 0 or a large λ is never chosen, or close losses count as equal
    (CHOOSING, "λ = 0 is never chosen", "min(sweep,", 'min((r for r in sweep if r["l2"]),'),
    (CHOOSING, "", "min(sweep,", 'min((r for r in sweep if r["l2"] <= 0.1),'),
    (CHOOSING, "", "min(sweep,", 'min((r for r in sweep if r["l2"] < 50),'),
    (CHOOSING, "", "min(sweep,", 'min((r for r in sweep if r["l2"] > 2e-3),'),
    *(
        (CHOOSING, "lower loss where", 'row["validation_loss"]', f"({rounded}, row['test_loss'])")
        for rounded in (f"round(row['validation_loss'], {n})" for n in range(1, 7))
    ),
    # ---- clipped gradients, and units that are active for no row
    *(
        (GRADIENT, "measured slope of J", "return dW1, db1, dW2", f"return {dW1}, db1, {dW2}")
        for dW1, dW2 in (
            *((f"np.clip(dW1, -{c}, {c})", f"np.clip(dW2, -{c}, {c})") for c in (1, 5, 10, 50)),
            ("np.clip(dW1, -1, 1)", "dW2"),
            ("dW1 / max(1, np.linalg.norm(dW1) / 5)", "dW2 / max(1, np.linalg.norm(dW2) / 5)"),
            ("dW1 * (Z1 > 0).any(axis=0)", "dW2 * (Z1 > 0).any(axis=0)[:, None]"),
            ("dW1 * (X != 0).any(axis=0)[:, None]", "dW2"),
            ("np.where(X.T @ dZ1 == 0, 0, dW1)", "dW2"),
        )
    ),
    (GRADIENT, "measured slope of J", "len(X)", "9"),
    (GRADIENT, "measured slope of J", "l2 * W", "min(l2, 1) * W"),
    (GRADIENT, "measured slope of J", "l2 * W", "round(l2, 2) * W"),
]


MAPPINGS = {
    "OrderedDict": collections.OrderedDict,
    "defaultdict": lambda d: collections.defaultdict(float, d),
    "Counter": collections.Counter,
    "ChainMap": collections.ChainMap,
    "UserDict": collections.UserDict,
    "mappingproxy": types.MappingProxyType,
    "float32 keys": lambda d: {np.float32(k) if type(k) is float else k: v for k, v in d.items()},
    "computed keys": lambda d: {k * 1.1 / 1.1 if type(k) is float else k: v for k, v in d.items()},
    "capital keys": lambda d: {k.upper() if type(k) is str else k: v for k, v in d.items()},
}
NUMBERS = {
    "float32": np.float32,
    "longdouble": np.longdouble,
    "0-d array": np.array,
    "array of one": lambda x: np.array([[x]]),
    "Fraction": fractions.Fraction,
    "Decimal": decimal.Decimal,
    "rounded": lambda x: round(x, 3),
}
WORDS = {
    "capitals": str.upper,
    "title": str.title,
    "blanks": lambda word: f"  {word}\n",
    "underscores": lambda word: word.replace(" ", "_"),
    "NumPy": np.str_,
    "a class of its own": lambda word: type("Word", (str,), {})(word),
    "member of an Enum": lambda word: enum.StrEnum("Word", {"A": word}).A,
}

FIGURES = (SWEEP, SMALLER, SIZES, CURVES)


def figures(task, number=float, word=str) -> dict:
    """The right answer to a task without functions, of these types."""
    if task is SWEEP:
        gaps = {l2: number(runs.gap(runs.run(l2))) for l2 in (0.0, 0.01, 0.05, 0.2)}
        return {"gaps": gaps, "training accuracy": word("falls")}
    if task is SMALLER:
        gaps = {f"gap with {n} units": number(runs.gap(runs.run(units=n))) for n in (64, 4)}
        return {**gaps, "smaller gap": word("64 units with L2")}
    if task is SIZES:
        return {l2: number(runs.mean_size(runs.run(l2))) for l2 in (0.0, 0.05)}
    readings = ("just right", "cannot tell", "underfits", "overfits")
    return {name: word(reading) for name, reading in zip("ABCD", readings, strict=True)}


def source_of(task, *changes):
    return changes[0] if len(changes) == 1 else edited(task, *changes)
