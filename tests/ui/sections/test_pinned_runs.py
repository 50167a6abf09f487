"""Pinned runs: their names, what a comparison marks, and when it must not name a cause."""

import pytest

from regcore import Config
from ui.sections import pinned_runs

BASE = Config(hidden_sizes=(64, 32), epochs=100)
NONE = "no early stopping"
NAMES = {field: name for field, (name, _) in pinned_runs.SETTINGS.items()}


@pytest.fixture(autouse=True)
def session(monkeypatch) -> dict:
    """A new session for each test; pins are stored nowhere else."""
    state: dict = {}
    monkeypatch.setattr(pinned_runs.st, "session_state", state)
    return state


def names() -> list[str]:
    return [pin.name for pin in pinned_runs.pinned()]


def pin_all(**runs: Config) -> list[pinned_runs.Pin]:
    for name, config in runs.items():
        pinned_runs.add(name, config)
    return pinned_runs.pinned()


def test_a_session_starts_without_pins_and_keeps_its_own(session):
    assert pinned_runs.pinned() == []
    pinned_runs.add("first", BASE)
    assert session == {"pins": [pinned_runs.Pin("first", BASE)]}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("run", "run"),
        ("  wide and deep  ", "wide and deep"),
        ("λ = 0.05", "λ = 0.05"),
        ("two\r\nlines\tand\x00\x1b\x7f", "twolinesand"),
        ("turned\u202earound\u200b\u2028", "turnedaround"),
        ("\ud800", "run 1"),
        ("", "run 1"),
        (" \t\n", "run 1"),
        ("this run", "this run 2"),  # the name of the run that is not pinned yet
        ("setting", "setting 2"),  # the name of a column
        ("x" * 40, "x" * 40),
        ("x" * 41, "x" * 40),
        ("\n" * 60 + "late", "late"),
    ],
)
def test_a_name_is_at_most_40_printable_characters(typed, kept):
    assert pinned_runs.clean(typed) == kept


@pytest.mark.parametrize("name", ["run", "x" * 40, "x" * 37])
def test_a_taken_name_gets_a_number_and_stays_short(name):
    for _ in range(4):
        pinned_runs.add(name, BASE)
    stem = name[:36]
    assert names() == [name, f"{stem} 2", f"{stem} 3", f"{stem} 4"]
    assert max(map(len, names())) <= pinned_runs.MAX_NAME_LENGTH


def test_a_taken_number_is_skipped():
    pin_all(**{"run": BASE, "run 2": BASE})
    assert pinned_runs.clean("run") == "run 3"


def test_no_more_runs_are_pinned_than_the_limit():
    for number in range(pinned_runs.MAX_PINS + 2):
        pinned_runs.add(f"run {number}", BASE.but(seed=number))
    assert names() == [f"run {number}" for number in range(pinned_runs.MAX_PINS)]
    pinned_runs.remove(2)
    pinned_runs.add("late", BASE)
    assert names() == ["run 0", "run 1", "run 3", "late"]


def test_renaming_changes_the_name_only_and_keeps_names_apart():
    pin_all(a=BASE, b=BASE.but(seed=2))
    pinned_runs.rename(1, "c\n")
    assert pinned_runs.pinned() == [
        pinned_runs.Pin("a", BASE),
        pinned_runs.Pin("c", BASE.but(seed=2)),
    ]
    pinned_runs.rename(1, "a")
    assert names() == ["a", "a 2"]
    pinned_runs.rename(0, "a ")
    assert names() == ["a", "a 2"]


def test_removing_takes_that_run_and_no_other():
    pin_all(a=BASE, b=BASE, c=BASE)
    pinned_runs.remove(1)
    assert names() == ["a", "c"]


def test_differing_settings_come_first_in_bold():
    table = pinned_runs.settings_table(
        pin_all(plain=BASE, tamed=BASE.but(l2=0.05, patience=20), other=BASE.but(l2=0.05))
    )
    assert table.columns.tolist() == ["setting", "plain", "tamed", "other"]
    assert table.iloc[0].tolist() == ["**L2 λ**", "**0**", "**0.05**", "**0.05**"]
    assert table.iloc[1].tolist() == [
        "**patience**",
        *(f"**{value}**" for value in (NONE, 20, NONE)),
    ]
    rest = table.iloc[2:]
    assert not rest.map(lambda cell: "*" in cell).any(axis=None)
    assert rest["setting"].tolist() == [
        name for name in NAMES.values() if name not in ("L2 λ", "patience")
    ]
    shown = rest.set_index("setting")["plain"]
    assert shown["hidden units"] == "64 × 32"
    assert shown["batch size"] == "all rows"
    assert shown["epochs"] == "100"


def test_every_setting_has_a_name_in_english() -> None:
    assert list(NAMES) == list(BASE.__dataclass_fields__)
    assert len(set(NAMES.values())) == len(NAMES)


@pytest.mark.parametrize("count", [1, 2])
def test_runs_with_the_same_settings_have_nothing_marked(count):
    table = pinned_runs.settings_table([pinned_runs.Pin(f"run {i}", BASE) for i in range(count)])
    assert len(table) == len(BASE.__dataclass_fields__)
    assert not table.map(lambda cell: "*" in cell).any(axis=None)


@pytest.mark.parametrize("name", BASE.__dataclass_fields__)
def test_a_single_difference_is_marked_without_a_warning(name):
    values = {"hidden_sizes": (3,), "batch_size": 64, "patience": 5, "epochs": 7, "seed": 3}
    other = BASE.but(**{name: values.get(name, 0.2)})
    pair = pin_all(a=BASE, b=other)
    marked = [cell for cell in pinned_runs.settings_table(pair)["setting"] if "*" in cell]
    assert marked == [f"**{NAMES[name]}**"]
    assert pinned_runs.confounded(pair) == []


def test_pairs_with_several_differences_are_listed():
    trio = pin_all(a=BASE, b=BASE.but(l2=0.1), c=BASE.but(l2=0.1, dropout=0.5, seed=4))
    assert pinned_runs.confounded(trio) == [
        "“a” and “c” differ in L2 λ, dropout p, seed",
        "“b” and “c” differ in dropout p, seed",
    ]


@pytest.mark.parametrize("same", [[], ["a"], ["a", "b"]])
def test_runs_that_differ_in_nothing_are_not_named(same):
    assert pinned_runs.confounded([pinned_runs.Pin(name, BASE) for name in same]) == []


@pytest.mark.parametrize("start", "=+-@")
def test_a_cell_that_begins_like_a_formula_is_a_text(start):
    assert pinned_runs.safe_cell(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("typed", ["\t=1+1", "\r=1+1", "\n@SUM(1)", " -1", "\u200b+1"])
def test_stripping_a_name_does_not_hide_a_formula(typed):
    assert pinned_runs.safe_cell(pinned_runs.clean(typed))[:2] in {"'=", "'@", "'-", "'+"}


@pytest.mark.parametrize("name", ["run 1", "a = b", "1-1", "λ"])
def test_other_cells_stay_as_they_are(name):
    assert pinned_runs.safe_cell(name) == name


@pytest.mark.parametrize(
    ("config", "told"),
    [
        (
            BASE,
            "64 × 32 units, 100 epochs, η = 0.1, μ = 0, no L2, no dropout, no early stopping",
        ),
        (
            Config(epochs=5000, momentum=0.9, l2=0.05, dropout=0.2, patience=20),
            "64 units, 5,000 epochs, η = 0.1, μ = 0.9, L2 λ = 0.05, dropout p = 0.2, patience 20",
        ),
    ],
)
def test_the_settings_of_a_run_fit_one_line(config, told):
    assert pinned_runs.in_words(config) == told
