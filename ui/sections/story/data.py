"""The data in code, on Home: read, look, split, scale, each with what it returns."""

import pandas as pd
import streamlit as st

from regcore.data.bundled import NOT_MEASURED, UNITS
from regcore.data.preparation import look, read_patients, split_and_scale
from ui.glossary import say
from ui.sections.story import source_code
from ui.text import count

MEANINGS = {
    "pregnancies": "how many so far",
    "glucose": "in blood plasma, two hours after a sugar drink",
    "blood_pressure": "diastolic, the lower of the two values",
    "skin_thickness": "of a fold at the back of the upper arm",
    "insulin": "in blood serum, two hours after a sugar drink",
    "bmi": "body mass index: weight divided by height squared",
    "diabetes_pedigree": "a score of how many relatives have diabetes, and how close they are",
    "age": "at least 21",
}


def show() -> None:
    """Show the four steps for the lesson's table: the code, and what it returned just now."""
    table = read_patients()
    say(f"**Read.** {count(len(table))} rows, one for each woman:")
    source_code.brief(read_patients)
    st.dataframe(table.head(), hide_index=True)
    outcomes, zeros = look(table)
    say(
        f"**Look.** {count(outcomes[0])} women did not develop diabetes within five years, "
        f"and {count(outcomes[1])} did. The zeros counted below cannot be real: they mean “not "
        "measured”. The lesson leaves them as they are."
    )
    source_code.brief(look)
    _columns(table, zeros)
    X_train, X_test, y_train, _ = split_and_scale(table)
    say(
        f"**Split, then scale.** {count(len(X_train))} rows for training, {count(len(X_test))} for "
        f"the test, with the same share of diabetes in both ({y_train.mean():.0%}). The scaler "
        "learns the mean and the standard deviation from the training rows **only**: if it saw the "
        "test rows, something about them would leak into training."
    )
    source_code.brief(split_and_scale)
    st.dataframe(
        pd.DataFrame(X_train[:3], columns=table.columns[:-1]).round(2),
        hide_index=True,
    )


def _columns(table: pd.DataFrame, zeros: pd.Series) -> None:
    """Show what each column means, its unit, and its zeros that mean "not measured"."""
    rows = [
        (name, MEANINGS[name], UNITS.get(name, "–"), count(zeros[name]) if name in zeros else "–")
        for name in table.columns[:-1]
    ]
    assert {name for name, *_, n in rows if n != "–"} == set(NOT_MEASURED)
    columns = pd.DataFrame(rows, columns=["column", "meaning", "unit", "not measured"])
    st.table(columns, hide_index=True, border="horizontal", alt="The eight measurements")
