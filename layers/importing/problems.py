"""What is wrong with a file, row by row: errors block, warnings tell."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from layers.importing.errors import FileRefused

#: Problems kept word for word for each code. All are counted; a million rows with the same fault
#: must fill neither the memory nor the screen.
KEPT_PER_CODE = 200


class Severity(StrEnum):
    """An error blocks the import; a warning is said and does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One finding. `row` counts from 1 as the file does (0: the file as a whole).

    `place` is (longitude, latitude) in degrees where the fault has one.
    """

    code: str
    message: str
    severity: Severity
    row: int = 0
    key: str = ""
    field: str = ""
    place: tuple[float, float] | None = None


@dataclass
class Problems:
    """Collects findings in bounded memory."""

    kept: list[Problem] = field(default_factory=list)
    counts: dict[Severity, Counter] = field(
        default_factory=lambda: {severity: Counter() for severity in Severity}
    )

    def error(self, code: str, message, **where) -> None:
        """Note something that blocks."""
        self._note(Problem(code=code, message=str(message), severity=Severity.ERROR, **where))

    def warning(self, code: str, message, **where) -> None:
        """Note something that the person should know and that does not block."""
        self._note(Problem(code=code, message=str(message), severity=Severity.WARNING, **where))

    def refusal(self, refused: FileRefused) -> None:
        """Note that the file as a whole was refused, or broke off in the middle."""
        self.error(refused.code, refused, row=refused.extra.get("row", 0))

    def _note(self, problem: Problem) -> None:
        count = self.counts[problem.severity]
        count[problem.code] += 1
        if count[problem.code] <= KEPT_PER_CODE:
            self.kept.append(problem)

    @property
    def errors(self) -> int:
        """How many findings block."""
        return self.counts[Severity.ERROR].total()

    @property
    def warnings(self) -> int:
        """How many findings are only told."""
        return self.counts[Severity.WARNING].total()

    def as_list(self) -> list[dict]:
        """The kept findings for JSON, in the order of the file."""
        return [asdict(problem) for problem in sorted(self.kept, key=lambda p: p.row)]
