"""The forms of records: what a program, a parity check, a row or a difference gave when it ran."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class CellRun:
    """What one cell did.

    Attributes:
        title: The title of the cell.
        sha256: Of the bytes of its body.
        output: What it printed, as text.
        figures: Names of the SVG files it drew, beside the record.
    """

    title: str
    sha256: str
    output: str = ""
    figures: list[str] = field(default_factory=list)


@dataclass
class Record:
    """What a run of one program on one device produced.

    Attributes:
        topic: The topic, as in `training/training_loop`.
        framework: `pytorch`, `tensorflow` or `both`.
        label: The device's folder below `records/`.
        date: The day of the run, ISO 8601.
        duration: Seconds that its cells took, without imports that were warm.
        device: `kind` (`cpu`, `cuda`), `name`, `system`.
        versions: Of Python and of each package that it needs, as installed.
        depends: The hash of all that the output depends on: `fingerprint`.
        cells: One entry a cell, in order.
        arrays: The file with what the proof of agreement compares, beside the record.
        guards: What kept it from the rest of the machine that it ran on.
        seeds: What each score was as it ended, with the seeds as written, raised by 1, by 2, and so on.
        seeds_of: The day on which it ran with its seeds raised, where that was an earlier run of the same program.
        used: The titles of the cells that the proof used: it read a value or a function that they set, or follows a
            score that they set; None where nothing is compared, and in a record from before that was noted.
        given: A digest of the inputs that the proof got; None likewise.
        files: The SHA-256 of each file beside the record.
    """

    topic: str
    framework: str
    label: str
    date: str
    duration: float
    device: dict[str, str]
    versions: dict[str, str]
    depends: str
    cells: list[CellRun]
    arrays: str | None = None
    guards: list[str] = field(default_factory=list)
    seeds: dict[str, list[float]] = field(default_factory=dict)
    seeds_of: str | None = None
    used: list[str] | None = None
    given: str | None = None
    files: dict[str, str] = field(default_factory=dict)

    @property
    def took(self) -> float:
        """About how many seconds running it takes, with every seed that ran."""
        ran = 1 if self.seeds_of else max(map(len, self.seeds.values()), default=1)
        return self.duration * ran

    def cell(self, title: str) -> CellRun:
        return next(cell for cell in self.cells if cell.title == title)


@dataclass
class Quantity:
    """One row of an agreement.

    Attributes:
        name: What is compared.
        dtype: Of both sides.
        shape: Of both sides.
        absolute: The largest absolute difference.
        relative: The largest difference relative to the right side, where that is not zero.
        rtol: Relative tolerance.
        atol: Absolute tolerance.
        differs: The documented reason why the two differ, or None where they have to agree.
    """

    name: str
    dtype: str
    shape: list[int]
    absolute: float
    relative: float
    rtol: float
    atol: float
    differs: str | None = None


@dataclass
class Agreement:
    """How closely the two sides of a topic agree on one device.

    Attributes:
        depends: The hash of the proof and of both sides' arrays.
        quantities: One row for each thing compared.
        broken: One line a row that does not hold; empty where all hold.
        compared: By side, the titles of the cells that the proof used; empty where a side did not note them.
    """

    topic: str
    label: str
    depends: str
    quantities: list[Quantity]
    broken: list[str] = field(default_factory=list)
    compared: dict[str, list[str]] = field(default_factory=dict)

    @property
    def agreeing(self) -> list[Quantity]:
        return [quantity for quantity in self.quantities if quantity.differs is None]

    @property
    def differing(self) -> list[Quantity]:
        return [quantity for quantity in self.quantities if quantity.differs is not None]


@dataclass(frozen=True)
class Gradient:
    """How far apart the gradients of a row are, by input; `why` says why none are compared, where that is told."""

    why: str = ""
    off: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class OtherSets:
    """What became of a row on the other sets of inputs; a set that has nothing else for it is in none of these.

    Attributes:
        held: The sets on which both sides agree as they do on the first.
        parted: The sets on which they do not, and in what they part.
        unrun: The sets on which nothing can be compared, and why: a line states a size, a side has no such dtype.
    """

    held: list[str] = field(default_factory=list)
    parted: dict[str, str] = field(default_factory=dict)
    unrun: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Measurement:
    """What a row of the API map gave.

    Attributes:
        shape: Of each array that it gives.
        dtype: Of each, on both sides.
        absolute: The largest absolute difference; of a random row, how far the distributions are apart.
        gradient: How far the gradients are apart; None where nothing has one, as of optimizers.
        steps: How many steps of an optimizer or a schedule were compared.
        names: What each side is about, as a full dotted name.
        category: One of `headtohead.content.categories`.
        edges: What each side does with an edge input, where the two part; empty where both do the same.
        defaults: Of arguments that each side leaves out.
        unless: Of arguments that each side gives.
        sets: What became of it on the other sets of inputs.
    """

    shape: list[list[int]]
    dtype: list[list[str]]
    absolute: float
    gradient: Gradient | None = None
    steps: int | None = None
    names: dict[str, str] = field(default_factory=dict)
    category: str = ""
    edges: dict[str, list[str]] = field(default_factory=dict)
    defaults: dict[str, dict[str, str]] = field(default_factory=dict)
    unless: dict[str, dict[str, str]] = field(default_factory=dict)
    sets: OtherSets = field(default_factory=OtherSets)

    def to_json(self) -> dict[str, Any]:
        """As it stands in a record: without what it does not have."""
        content: dict[str, Any] = {"names": self.names, "shape": self.shape, "dtype": self.dtype}
        content["absolute"] = self.absolute
        if self.gradient:
            content["gradient"] = {"why": self.gradient.why} if self.gradient.why else self.gradient.off
        if self.steps is not None:
            content["steps"] = self.steps
        rest = {name: getattr(self, name) for name in ("category", "edges", "defaults", "unless")}
        return content | rest | {"sets": {name: each for name, each in asdict(self.sets).items() if each}}


@dataclass
class DataRecord:
    """What running a data file gave.

    Attributes:
        depends: The hash of all that it depends on.
        date: The day of the run, ISO 8601.
        gave: What each of its entries gave, by id; `headtohead.records.form` knows what.
        guards: What kept it from the rest of the machine that it ran on.
    """

    depends: str
    date: str
    gave: dict
    guards: list[str] = field(default_factory=list)
