"""The lesson's data in code: read, look, split, scale. `bundled` and `splitting` do the same.

A test holds the two equal. Written for reading, so each function imports what it needs.
"""

from regcore.data.bundled import DIABETES_CSV, NOT_MEASURED


def read_patients(path=DIABETES_CSV):
    """Return the table: 768 women, eight measurements and the outcome of each."""
    import pandas as pd

    return pd.read_csv(path)


def look(table):
    """Return how many patients have each outcome, and the zeros that mean "not measured"."""
    outcomes = table["outcome"].value_counts()
    zeros = (table[list(NOT_MEASURED)] == 0).sum()
    return outcomes, zeros


def split_and_scale(table):
    """Return X_train, X_test, y_train, y_test, scaled by the mean and spread of X_train alone."""
    from sklearn.model_selection import train_test_split
    from sklearn.preprocessing import StandardScaler

    X = table.drop(columns="outcome").to_numpy()
    y = table[["outcome"]].to_numpy()
    X_train, X_test, y_train, y_test = train_test_split(
        X, y, test_size=0.25, random_state=42, stratify=y
    )
    scaler = StandardScaler().fit(X_train)
    return scaler.transform(X_train), scaler.transform(X_test), y_train, y_test
