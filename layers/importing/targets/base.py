"""What a target does with checked records, whichever kind of layer it is."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from django.utils.translation import gettext as _

from layers.importing.problems import Problems


class Checked(NamedTuple):
    """A record that passed the checks: shape in CGCS2000 degrees, values by dictionary field."""

    row: int
    key: str
    shape: object
    values: dict


class Counts(NamedTuple):
    """What an import would do, or has done, in records."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    kept: int = 0


@dataclass(frozen=True, kw_only=True)
class Stamps:
    """Publication columns set on every record of the import; what is None is left as it is.

    New records without a `state` are published.
    """

    state: str | None = None
    source_zh: str | None = None
    source_en: str | None = None
    as_of: date | None = None

    def given(self) -> dict:
        """The columns to set, by name."""
        return {name: value for name, value in vars(self).items() if value is not None}


class Target(Protocol):
    """Stages checked records, compares them with what stands, and takes them over."""

    def stage(self, records: list[Checked], problems: Problems) -> None:
        """Take in one batch."""
        ...

    def compare(self, problems: Problems) -> Counts:
        """Report repeated keys and count what would happen; call once, after the last batch."""
        ...

    def write(self, problems: Problems) -> None:
        """Take the changes over; the caller holds the transaction, and ends it on a problem."""
        ...


def report_repeated(row: int, key: str, first: int, problems: Problems) -> None:
    """Note that a row has the key of an earlier one."""
    message = _(
        "The key %(key)s stands in row %(first)d already. Choose another key with --key FIELD, or "
        "--key hash to tell records apart by their content."
    )
    problems.error("key-repeated", message % {"key": key, "first": first}, row=row, key=key)


def report_overtaken(row: int, key: str, problems: Problems) -> None:
    """Note that somebody has changed a record since the import looked at it."""
    message = _("The record %(key)s was changed by somebody meanwhile; import again.")
    problems.error("changed-meanwhile", message % {"key": key}, row=row, key=key)
