"""20,000 odd tables: each is read, or refused with the one exception and one sentence."""

import random
from contextlib import suppress

import pytest

from regcore import TableError, inspect_table, read_table, split, to_dataset
from tests.support.odd import assert_one_sentence

TABLES, PARTS = 20_000, 8
CELLS = (
    *("0", "1", "-1", "3.5", "1,5", "1.234", "1,234", "1.234,5", "-999", "9999", "", "?", "NA"),
    *("—", "#DIV/0!", "yes", "no", "Yes", "a", "b c", "x;y", "p|q", "12:30", "$5", "5%", "(3)"),
    *("1 000", "1e400", "1e5", "inf", "−2", "€ 3,50", "12345678901234567890", "Total", "mean"),
    *("'q'", '"q"', '""', '"a,b"', "\\N", "007", "1.", "5-", ".5", "=1+1", "<b>", "#", "%", "//"),
    *("@data", "\u202e", "Ä", "2020-01-01", "x" * 200, "1'000", "-", "--", "none", "+", "{0 1}"),
)
SEPARATORS = (",", ",", ";", "\t", "|", ":", " ", "  ", ", ", " ;")
NAMES = ("id", "target", "y", "class", "name", "", "0", "a b", "x = a", "#n", '"q"', "%")
LINES = (
    *("Title", "", "# c", "sep=;", "a,b", "Total,,3", "(60 rows)", '"open', "@relation x"),
    *("---+---", "@attribute x real", "@data", "-,-,-", ";;;"),
)
CHARACTERS = '",;\n\t |:#%\u2028\x0c\xa0é'


def column(r: random.Random, rows: int) -> list[str]:
    """Zeros and ones, measurements, texts, whole numbers, or cells of all kinds."""
    kind = r.choice("00mmmtwoo")
    if kind == "0":
        return [str(r.randint(0, 1)) for _ in range(rows)]
    if kind == "t":
        return r.choices(
            r.sample(("a", "b", "c", "yes", "No", "NO", "ill"), r.randint(2, 6)), k=rows
        )
    if kind == "w":
        return [str(place + r.randint(0, 3)) for place in range(rows)]
    cells = [f"{r.gauss(9, 9):.{r.randint(0, 4)}f}" for _ in range(rows)]
    if kind == "o":
        few = r.sample(CELLS, r.randint(1, 4))
        cells = [r.choice(few) if r.random() < 0.2 else cell for cell in cells]
    return cells


def text(r: random.Random) -> str:
    rows, width, separator = (
        r.choice((0, 1, 20, 25, 40, 60, 60)),
        r.randint(1, 6),
        r.choice(SEPARATORS),
    )
    columns = [column(r, rows) for _ in range(width)] + [
        [str(r.randint(0, 1)) for _ in range(rows)]
    ]
    lines = [separator.join(cells) for cells in zip(*columns, strict=True)]
    if r.random() < 0.8:
        names = [f"{r.choice(NAMES)}{place if r.random() < 0.9 else ''}" for place in range(width)]
        lines.insert(0, separator.join([*names, "y"]))
    for _ in range(r.choice((0, 0, 0, 1, 2))):
        lines.insert(r.choice((0, 1, len(lines))), r.choice(LINES))
    if r.random() < 0.2:
        lines += r.sample(lines, len(lines) // 2)
    characters = list(r.choice(("\n", "\r\n", "\r")).join(lines))
    for _ in range(r.choice((0,) * 9 + (5,)) if characters else 0):
        characters[r.randrange(len(characters))] = r.choice(CHARACTERS)
    return "".join(characters)


def raw(r: random.Random) -> bytes:
    if r.random() < 0.02:
        return r.randbytes(r.randint(0, 200))
    return text(r).encode(r.choice(("utf-8", "utf-8", "utf-16", "latin-1")), "replace")


def answers(r: random.Random) -> dict[str, object]:
    """What the owner may say of the file."""
    given = {
        "header": r.choice((True, False)),
        "decimal": r.choice(".,"),
        "separator": r.choice(",; "),
    }
    return {name: value for name, value in given.items() if r.random() < 0.15}


def use(file: bytes, said: dict[str, object], r: random.Random) -> None:
    """From the bytes to a split, with every outcome."""
    table = read_table(file, **said)
    for target in list(table.targets)[: r.choice((1, 1, 1, 3))]:
        assert table.positive(target) in table.targets[target]
        found = inspect_table(table, target)
        out = {s.column for s in found if s.kind in ("id", "target", "copy", "constant")}
        equal = r.choice(("drop", "together"))
        dataset = to_dataset(table, target, table.positive(target), leave_out=out, equal_rows=equal)
        with suppress(ValueError):  # too few rows for these parts
            split(dataset, validation_size=0.2)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_an_odd_table_is_read_or_refused_in_one_sentence(part):
    r, read = random.Random(part), 0
    for _ in range(TABLES // PARTS):
        file, said = raw(r), answers(r)
        try:
            use(file, said, r)
            read += 1
        except TableError as error:
            assert_one_sentence(error)
    assert read > TABLES // PARTS / 4
