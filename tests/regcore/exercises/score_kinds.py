"""Right and wrong answers to the tasks that are judged by a score: the flipped rows, temperature.

The wrong ones come with words of what is said. `S` in a source stands for the rows in order, the
most suspicious last; `T` for the chosen temperature.
"""

from regcore.exercises import TASKS
from tests.regcore.exercises.kinds import IMPORTS, returned

FLIPPED, TEMPERATURE = TASKS["flipped-rows"], TASKS["temperature"]


def named(rows: str, score: str = "losses.mean(0)") -> str:
    """An answer to task 9 that names these rows by this score."""
    return (
        f"{IMPORTS}def suspicious(losses, k):\n    n = losses.shape[1]\n"
        f"    score = {score}\n    S = np.argsort(score, kind='stable')\n    return {rows}\n"
    )


def divided(result: str = "z / T", loss: str = "log_loss(z_val / t)", choose: str = "min") -> str:
    """An answer to task 10 with this result, T chosen from 40 by a loss (or another score)."""
    return (
        f"{IMPORTS}def scaled(z_val, y_val, z):\n"
        "    def log_loss(z, y=y_val):\n        return np.mean(np.logaddexp(0, z) - y * z)\n"
        "    def p(z):\n        return 1 / (1 + np.exp(-z))\n"
        f"    T = {choose}(np.geomspace(0.1, 10, 40), key=lambda t: {loss})\n"
        f"    return {result}\n"
    )


FITTED = "-np.mean((z_val / t > 0) == (y_val > 0))"  # accuracy, which no T changes

RIGHT = {  # name -> task, source
    **{
        f"rows by {name}": (FLIPPED, named("S[-k:]", score))
        for name, score in {
            "the sum": "losses.sum(0)",
            "the area below the curve": "np.trapezoid(losses, axis=0)",
            "the first quarter": "losses[:len(losses) // 4].mean(0)",
            "the median of the first fifth": "np.median(losses[:len(losses) // 5], axis=0)",
            "the fifth epoch": "losses[5]",
            "the epochs that are wrong": "(losses > np.log(2)).sum(0) + 1e-3 * losses.mean(0)",
            "the spread": "losses.std(0)",
            "the highest loss on the way": "losses[1:].max(0)",
            "the mean probability of the label": "-np.exp(-losses).mean(0)",
            "plain Python": "[sum(loss) / len(loss) for loss in losses.T.tolist()]",
        }.items()
    },
    "rows by argpartition": (FLIPPED, named("np.argpartition(score, -k)[-k:]")),
    "rows by sorted": (FLIPPED, named("sorted(range(n), key=lambda i: -score[i])[:k]")),
    "rows of a mask": (FLIPPED, named("np.flatnonzero(score >= np.sort(score)[-k])")),
    **returned(
        FLIPPED,
        "rows as",
        {
            "a list": "r.tolist()",
            "a tuple": "tuple(r)",
            "NumPy ints in a list": "list(r)",
            "int16": "r.astype(np.int16)",
            "uint64": "r.astype(np.uint64)",
            "whole floats": "r.astype(float)",
            "what np.where returns": "(r,)",
            "what np.argwhere returns": "r[:, None]",
            "0-d arrays": "[np.array(i) for i in r]",
            "a matrix": "np.matrix(r)",
            "an array.array": "array.array('l', r.tolist())",
        },
    ),
    **{
        f"logits by {name}": (TEMPERATURE, source)
        for name, source in {
            "40 temperatures": divided(),
            "steps of 0.1": divided().replace(
                "np.geomspace(0.1, 10, 40)", "np.arange(0.1, 10, 0.1)"
            ),
            "steps of 0.2": divided().replace(
                "np.geomspace(0.1, 10, 40)", "np.linspace(0.1, 10, 50)"
            ),
            "a factor": divided("z * T", "log_loss(z_val * t)"),
            "the sum of losses": divided(loss="np.sum(np.logaddexp(0, z_val/t) - y_val*z_val/t)"),
            "probabilities": divided(loss="-np.mean(np.log(p(z_val / t * (2 * y_val - 1))))"),
            "division in place": divided("np.divide(z, T, out=z)"),
            "SciPy": f"{IMPORTS}from scipy.optimize import minimize_scalar\n"
            "def scaled(z_val, y_val, z):\n    def loss(t):\n"
            "        return np.mean(np.logaddexp(0, z_val / t) - y_val * z_val / t)\n"
            "    return z / minimize_scalar(loss, bounds=(0.1, 10), method='bounded').x\n",
        }.items()
    },
    **returned(
        TEMPERATURE,
        "logits as",
        {
            "a list": "r.tolist()",
            "a tuple of NumPy floats": "tuple(r)",
            "float32": "r.astype(np.float32)",
            "float16": "r.astype(np.float16)",
            "a column": "r[:, None]",
            "a matrix": "np.matrix(r)",
            "three decimals": "r.round(3)",
            "decimals": "[decimal.Decimal(x) for x in r.tolist()]",
        },
    ),
}

WRONG = [  # task, words of what is said, source
    (FLIPPED, "lowest mean loss", named("S[:k]")),
    (FLIPPED, "lowest loss at the last epoch", named("S[:k]", "losses[-1]")),
    (FLIPPED, "highest loss at the last epoch. By then", named("S[-k:]", "losses[-1]")),
    (FLIPPED, "[4-7].% of the rows that you name", named("S[-k:]", "losses[-10:].mean(0)")),
    (FLIPPED, "[4-7].% of the rows that you name", named("S[-k:]", "losses.min(0)")),
    (FLIPPED, "before training, when nothing is learned", named("S[-k:]", "losses[0]")),
    (FLIPPED, "% of the rows that you name", named("S[-k:]", "losses[0] - losses[-1]")),
    (FLIPPED, "the same rows in every record", named("S[-k:]", "losses.mean(axis=1)")),
    (FLIPPED, "the same rows in every record", named("list(range(k))")),
    (FLIPPED, "the same rows in every record", named("np.random.default_rng(0).permutation(k)")),
    (FLIPPED, "^[0-9]+% of the rows", named("np.random.default_rng(0).permutation(n)[:k]")),
    (FLIPPED, "^[0-9]+% of the rows", named("np.arange(n - k, n)")),
    (FLIPPED, "start at 1|no row|not a row", named("S[-k:] + 1")),
    (FLIPPED, "start at 1", named("(S[S < n - 1] + 1)[-k:]")),
    (FLIPPED, "% of the rows that you name", named("(S[-k:] - 1) % n")),
    (FLIPPED, "% of the rows|more than once", named("np.argsort(S)[-k:]")),
    (FLIPPED, "There is no row -", named("range(-k, 0)")),
    (FLIPPED, "size 1; it must be|the size .*; it must be", named("range(n)")),
    (FLIPPED, "size .*; it must be", named("S[-k - 1:]")),
    (FLIPPED, "size .*; it must be", named("S[-k:][:-1]")),
    (FLIPPED, "size 1; it must be", named("S[-1]")),
    (FLIPPED, "more than once", named("[S[-1]] * k")),
    (FLIPPED, "more than once", named("[*S[-k:-1], S[-2]]")),
    (FLIPPED, "np.flatnonzero", named("score >= np.sort(score)[-k]")),
    (FLIPPED, "np.flatnonzero", named("(score >= np.sort(score)[-k]).tolist()")),
    (FLIPPED, "size .*; it must be", named("(score >= np.sort(score)[-k]).astype(int)")),
    (FLIPPED, "is not a row number", named("np.sort(score)[-k:]")),
    (FLIPPED, "is None", named("None")),
    (FLIPPED, "is a dict", named("{int(i): score[i] for i in S[-k:]}")),
    (TEMPERATURE, "T is still 1", divided("z")),
    (TEMPERATURE, "You divide by 2.5 in all", divided("z / 2.5")),
    (TEMPERATURE, "You divide by 0.1 in all", divided(loss=FITTED)),
    (TEMPERATURE, "in all 6 cases|where a validation loss", divided(choose="max")),
    (TEMPERATURE, "You multiply by T", divided("z * T")),
    (TEMPERATURE, "You multiply by T", divided(loss="log_loss(z_val * t)")),
    (TEMPERATURE, "You return one number", divided("T")),
    (TEMPERATURE, "Are they probabilities", divided("p(z / T)")),
    (TEMPERATURE, "Are they probabilities", divided("p(z) / T")),
    (TEMPERATURE, "answers change", divided("(lambda q: np.log(q / (1 - q)))(p(z) / 11)")),
    (TEMPERATURE, "Every answer is flipped", divided("-z / T")),
    (TEMPERATURE, "No logit that you return is below 0", divided("np.abs(z) / T")),
    (TEMPERATURE, "answers change", divided("z / T + 1")),
    (TEMPERATURE, "answers change", divided("np.sort(z / T)")),
    (TEMPERATURE, "size .*; it must be", divided("z_val / T")),
    (TEMPERATURE, "size 2; it must be|must be an array", divided("(z / T, T)")),
    (TEMPERATURE, "No answer changes, but this is not", divided("np.clip(z, -2, 2)")),
    (TEMPERATURE, "No answer changes, but this is not", divided("np.sign(z)")),
    (TEMPERATURE, "where a validation loss", divided("z / np.sqrt(T)")),
    (TEMPERATURE, "where a validation loss", divided("z / T**2")),
    (TEMPERATURE, "where a validation loss", divided("z / z_val.std()")),
    (TEMPERATURE, "where a validation loss", divided("z / z_val.std() * 1.8")),
    (TEMPERATURE, "where a validation loss", divided("z / max(T, 1)")),
    (TEMPERATURE, "where a validation loss", divided("z / min(T, 2)")),
    (TEMPERATURE, "divide by|multiply", divided(loss="log_loss(z_val / t, z_val > 0)")),
    (TEMPERATURE, "divide by|multiply", divided(loss="log_loss(z_val / t, y_val / t)")),
    (TEMPERATURE, "divide by|multiply", divided(loss="log_loss(z_val / t, 1 - y_val)")),
    (TEMPERATURE, "divide by|multiply", divided(loss="log_loss(p(z_val) / t)")),
    (TEMPERATURE, "divide by|multiply", divided(loss="np.mean(z_val / t)")),
    (TEMPERATURE, "is None", divided("None")),
    (TEMPERATURE, "not finite", divided("z / 0 * np.inf")),
]
