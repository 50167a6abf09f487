"""The formulas behind the statements of the lesson, and where their results go next.

i is a row, j a hidden unit, k a feature; `_{}` and `^{}` are below and above the line.
"""

import ast

from regcore.training.statements import Statement, fed, uses

FORMULAS = {  # function, and a name that it sets or an expression that it returns
    ("init_params", "rng"): "a generator of random numbers: the same seed gives the same numbers",
    ("init_params", "W1"): "W1_{kj} = 0.1 · ε_{kj}  with  ε_{kj} ~ N(0, 1)",
    ("init_params", "W2"): "W2_{j} = 0.1 · ε_{j}  with  ε_{j} ~ N(0, 1)",
    ("init_params", "np.zeros((1, n_hidden))"): "b1_{j} = 0",
    ("init_params", "np.zeros((1, 1))"): "b2 = 0",
    ("train", "n"): "n = number of rows in X",
    ("forward", "Z1"): "Z1_{ij} = Σ_{k} X_{ik} · W1_{kj} + b1_{j}",
    ("forward", "A1"): "A1_{ij} = max(0, Z1_{ij})",
    ("forward", "Z2"): "Z2_{i} = Σ_{j} A1_{ij} · W2_{j} + b2",
    ("forward", "sigmoid(Z2)"): "A2_{i} = σ(Z2_{i})",
    ("relu", "np.maximum(0, z)"): "relu(z) = max(0, z)",
    ("sigmoid", "1 / (1 + np.exp(-z))"): "σ(z) = 1 / (1 + e^{−z})",
    ("train", "dZ2"): "dZ2_{i} = ∂L/∂Z2_{i} = (A2_{i} − y_{i}) / n",
    ("train", "dW2"): "dW2_{j} = Σ_{i} A1_{ij} · dZ2_{i} + λ · W2_{j}",
    ("train", "db2"): "db2 = Σ_{i} dZ2_{i}",
    ("train", "dZ1"): "dZ1_{ij} = dZ2_{i} · W2_{j} if Z1_{ij} > 0, else 0",
    ("train", "dW1"): "dW1_{kj} = Σ_{i} X_{ik} · dZ1_{ij} + λ · W1_{kj}",
    ("train", "db1"): "db1_{j} = Σ_{i} dZ1_{ij}",
    ("train", "W1"): "W1_{kj} ← W1_{kj} − η · dW1_{kj}",
    ("train", "b1"): "b1_{j} ← b1_{j} − η · db1_{j}",
    ("train", "W2"): "W2_{j} ← W2_{j} − η · dW2_{j}",
    ("train", "b2"): "b2 ← b2 − η · db2",
}


def formulas(statement: Statement) -> list[str]:
    """Return the formula of each value that a statement computes; what it passes on has none."""
    if isinstance(statement.node, ast.For):
        return ["one pass for each epoch"]
    return [FORMULAS[statement.function, name] for name in computed(statement)]


def computed(statement: Statement) -> list[str]:
    """Return those targets of a statement that it computes, rather than passes on."""
    if statement.aside or returned_by(statement):
        return []
    is_return = isinstance(statement.node, ast.Return)
    return [name for name in statement.targets if not (is_return and name.isidentifier())]


def returned_by(statement: Statement) -> str:
    """Return the function whose results a statement only unpacks, or ""."""
    only_unpacks = isinstance(statement.node, ast.Assign) and len(statement.targets) > 1
    return statement.calls[0] if only_unpacks and statement.calls else ""


def goes_to(statement: Statement, name: str) -> str:
    """Say which statements read the value that `statement` gives to `name`; "" if none does."""
    found = uses(statement, name)
    if isinstance(statement.node, ast.Return):
        return ", ".join(f"{use.statement.function} (line {use.statement.first})" for use in found)
    parts: dict[str, list[str]] = {"": [], "in the next epoch ": [], "at the end ": []}
    for use in found:
        at_end = isinstance(use.statement.node, ast.Return)
        when = ("at the end " if at_end else "in the next epoch ") if use.later else ""
        parts[when].append(_reader(use.statement, name))
    return "; ".join(when + ", ".join(readers) for when, readers in parts.items() if readers)


def _reader(statement: Statement, name: str) -> str:
    is_return = isinstance(statement.node, ast.Return)
    what = "return" if is_return else returned_by(statement) or ", ".join(fed(statement, name))
    return f"{what} (line {statement.first})"
