"""Column: what was read of a column of a file; Scan: its cells before they are read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from regcore.checks import Array
from regcore.data.reading.cells import counted, is_missing, quoted
from regcore.data.reading.number_parsing import Evidence, Number, are_plain, evidence, number

MIN_VALUES = 10  # values that a column needs to be useful in any split
MAX_EXAMPLES = 4  # values kept as examples
MAX_CLASSES = 10  # texts that become a column each, and grades that can be grouped

USUALLY_MISSING = frozenset({"", "?", "NA", "NaN", "nan"})


@dataclass(frozen=True, eq=False, repr=False)
class Column:
    """A column of a file with n rows, read as numbers or as text.

    numbers   (n,) with NaN for missing cells; None if it is text
    values    its first few distinct values in order, as text
    distinct  how many distinct values there are
    pair      two values, or two groups of its grades, that can be the outcome; else ()
    classes   (n,) 0.0 for pair[0], 1.0 for pair[1], NaN for missing; None without a pair
    missing   the number of missing cells
    problem   a sentence on why it cannot be a feature; "" when it can
    inputs    what becomes of it as a feature: name -> (n,) with NaN for missing cells
    notes     sentences on how it was read
    doubt     an example of a number that may mean two; "" if there is none
    long      whether it holds whole numbers that are too long to be exact
    """

    name: str
    numbers: Array | None
    values: tuple[str, ...]
    distinct: int
    pair: tuple[str, ...]
    classes: Array | None
    missing: int
    problem: str
    inputs: dict[str, Array] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    doubt: str = ""
    long: bool = False

    def described(self) -> str:
        """Its name and how many different values it has, with examples."""
        examples = ", ".join(map(quoted, self.values)) + ", …" * (self.distinct > len(self.values))
        count = {0: "no values", 1: "one value only"}.get(
            self.distinct, f"{self.distinct:,} different values"
        )
        return f"{quoted(self.name)} has {count}" + f" ({examples})" * bool(examples)


class Scan:
    """The cells of a column before its decimal mark is known.

    counts    how often each cell occurs
    plain     the cells that float reads, if no other but missing ones occur: then nothing else
              needs to be looked at
    read      the other cells that are numbers
    words     the cells that are neither numbers nor missing
    evidence  what they tell about the decimal mark
    """

    def __init__(self, name: str, cells: Sequence[str]) -> None:
        self.name, self.cells, self.counts = name, cells, Counter(cells)
        self.plain: list[str] = []
        self.read: dict[str, Number] = {}
        self.words: list[str] = []
        given = [cell for cell in self.counts if cell not in USUALLY_MISSING]
        if given and are_plain(given):
            self.plain = given
            self.evidence = Evidence("." if any("." in cell for cell in given) else "")
            return
        for cell in given:
            if (value := number(cell)) is not None:
                self.read[cell] = value
            elif not is_missing(cell):
                self.words.append(cell)
        self.evidence = evidence(self.read, self.counts) if self.is_numeric else Evidence("")

    @property
    def is_numeric(self) -> bool:
        """Whether most of its cells are numbers."""
        if self.plain:
            return True
        known = sum(self.counts[cell] for cell in self.read)
        return known > sum(self.counts[cell] for cell in self.words)

    def line(self, cell: str, lines: Sequence[int]) -> int:
        """The line of the file in which a cell stands first; lines[i] is that of cells[i]."""
        return lines[self.cells.index(cell)]


def too_few(given: int) -> str:
    """A sentence on a column with so few values."""
    have = "has" if given == 1 else "have"
    return f"{counted(given, 'row')} {have} a value; at least {MIN_VALUES} are needed."
