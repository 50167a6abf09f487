"""The lesson's six functions: a one-hidden-layer network, from scratch, in NumPy.

Short enough to read at one sitting. The engine in `regcore.nn.network` and
`regcore.training` does the same arithmetic faster; a test holds the two equal.

Shapes: n rows, d features, h hidden units. X (n, d), y (n, 1) of 0 and 1,
W1 (d, h), b1 (1, h), W2 (h, 1), b2 (1, 1).
"""

import numpy as np

WHOLE, REAL = (int, np.integer), (int, float, np.integer, np.floating)


@np.errstate(over="ignore")  # e^-z may be infinite: 1 / infinity is 0, which is right
def sigmoid(z):
    """Squash any real number into (0, 1): 1 / (1 + e^-z), element by element."""
    return 1 / (1 + np.exp(-z))


def relu(z):
    """Keep what is positive, set the rest to 0: max(0, z), element by element."""
    return np.maximum(0, z)


def init_params(n_features, n_hidden, seed=1):
    """Return (W1, b1, W2, b2): weights normal with standard deviation 0.1, biases zero."""
    _check("n_features", n_features, WHOLE, 1_000_000)
    _check("n_hidden", n_hidden, WHOLE, 1_000_000)
    _check("seed", seed, WHOLE, 2**32 - 1)
    rng = np.random.default_rng(seed)
    W1 = rng.standard_normal((n_features, n_hidden)) * 0.1
    W2 = rng.standard_normal((n_hidden, 1)) * 0.1
    return W1, np.zeros((1, n_hidden)), W2, np.zeros((1, 1))


def forward(X, W1, b1, W2, b2):
    """Return (Z1, A1, Z2, A2); A2 (n, 1) holds the predicted probability of outcome 1."""
    Z1 = X @ W1 + b1
    A1 = relu(Z1)
    Z2 = A1 @ W2 + b2
    return Z1, A1, Z2, sigmoid(Z2)


@np.errstate(all="ignore")  # what overflows is seen in the weights
def train(X, y, n_hidden=64, lr=0.1, epochs=2000, l2=0.0, seed=1):
    """Minimize binary cross-entropy + (l2 / 2) * (sum of squared weights) by gradient descent.

    Every epoch is one step on all n rows. Returns (W1, b1, W2, b2).
    Weights that grow beyond all bounds end as NaN: lr is too large then.
    Raises ValueError when y is not a column with one label for each row of X, or when a setting
    is not a number in its range.
    """
    X, y = _arrays(X, y)
    _check("lr", lr, REAL, 10_000)
    _check("epochs", epochs, WHOLE, 1_000_000)
    _check("l2", l2, REAL, 1_000_000)
    W1, b1, W2, b2 = init_params(X.shape[1], n_hidden, seed)
    n = len(X)
    for _ in range(epochs):
        Z1, A1, _, A2 = forward(X, W1, b1, W2, b2)
        dZ2 = (A2 - y) / n
        dW2 = A1.T @ dZ2 + l2 * W2
        db2 = dZ2.sum(axis=0, keepdims=True)
        dZ1 = (dZ2 @ W2.T) * (Z1 > 0)
        dW1 = X.T @ dZ1 + l2 * W1
        db1 = dZ1.sum(axis=0, keepdims=True)
        W1, b1 = W1 - lr * dW1, b1 - lr * db1
        W2, b2 = W2 - lr * dW2, b2 - lr * db2
    return W1, b1, W2, b2


def accuracy(X, y, params):
    """Fraction of rows whose prediction A2 > 0.5 agrees with y (n, 1)."""
    X, y = _arrays(X, y)
    A2 = forward(X, *params)[-1]
    return float(np.mean((A2 > 0.5) == y))


def _arrays(X, y):
    """X (n, d) and y (n, 1) as arrays, or a ValueError that says what is wrong with them."""
    for name, values in (("X", X), ("y", y)):
        kind = type(values).__name__
        if not hasattr(values, "shape"):
            raise ValueError(f"{name} is of type {kind}; it must be an array.")
        values = np.asarray(values)
        if values.dtype.kind not in "biuf" or not np.isfinite(values).all():
            raise ValueError(f"{name} holds {values.dtype} values; all must be finite numbers.")
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim != 2 or 0 in X.shape:
        raise ValueError(f"X has shape {X.shape}; it must be (rows, features), both 1 or more.")
    # (n, 1) == (n,) would broadcast to (n, n) without a word and give a wrong score
    if y.shape != (len(X), 1):
        raise ValueError(f"y has shape {y.shape}; it must be a column, ({len(X)}, 1).")
    return X, y


def _check(name, value, kinds, most):
    allowed = f"it must be {'a' if float in kinds else 'a whole'} number from 0 to {most:,}"
    if not isinstance(value, kinds) or isinstance(value, (bool, np.timedelta64)):
        raise ValueError(f"{name} is of type {type(value).__name__}; {allowed}.")
    if not 0 <= value <= most:
        received = min(max(value, -1e18), 1e18)  # Python prints no whole number of any length
        raise ValueError(f"{name} is {received:g}; {allowed}.")
