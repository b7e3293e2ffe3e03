"""What came of an import, for people and for programs."""

from dataclasses import dataclass, field

from layers.importing.problems import Problems
from layers.importing.targets.base import Counts


@dataclass
class Report:
    """The outcome of one import; `written` only where it was committed without an error."""

    file: str
    layer: str
    written: bool = False
    created: bool = False
    source_layer: str = ""
    format: str = ""
    encoding: str = ""
    encoding_how: str = ""
    crs: str = ""
    crs_how: str = ""
    key: str = ""
    geometry: str = ""
    read: int = 0
    fields: dict[str, str] = field(default_factory=dict)
    samples: dict[str, list[str]] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    problems: Problems = field(default_factory=Problems)

    @property
    def ok(self) -> bool:
        """Whether nothing blocks."""
        return not self.problems.errors

    def as_dict(self) -> dict:
        """The report as JSON; field names are stable."""
        told = {name: value for name, value in vars(self).items() if name != "problems"}
        found = self.problems
        return {
            **told,
            "counts": self.counts._asdict(),
            "ok": self.ok,
            "errors": found.errors,
            "warnings": found.warnings,
            "by_code": {str(s): dict(count) for s, count in found.counts.items()},
            "problems": found.as_list(),
        }
