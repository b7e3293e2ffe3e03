"""The report as lines of text for a terminal, in the active language."""

import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from layers.importing.problems import Problem, Severity
from layers.importing.report import Report

#: Problems printed; the JSON has more.
PRINTED = 60


def report_lines(report: Report) -> list[str]:
    """Everything a person needs to decide: what was read, what would happen, what is wrong."""
    return [*_heading(report), "", *_findings(report), *_outcome(report)]


def _heading(report: Report) -> Iterable[str]:
    fields = ", ".join(
        file if file == name else f"{file} → {name}" for file, name in report.fields.items()
    )
    entries = [
        (_("File"), report.file),
        (_("Layer"), report.layer + (f" ({_('new')})" if report.created else "")),
        (_("Read as"), " · ".join(filter(None, [report.format, report.source_layer]))),
        (_("Encoding"), _with_how(report.encoding, report.encoding_how)),
        (_("Coordinate system"), _with_how(report.crs, report.crs_how)),
        (_("Key"), _("content of the record") if report.key == "hash" else report.key),
        (_("Fields"), fields),
        (_("Rows"), str(report.read) if report.format else ""),
    ]
    shown = [(label, value) for label, value in entries if value]
    indent = max(width(label) for label, _value in shown)
    return [f"{pad(label, indent)}  {value}" for label, value in shown]


def _with_how(value: str, how: str) -> str:
    told = {
        "given": _("given"),
        "file": _("from the file"),
        "assumed": _("assumed"),
        "standard": _("by the standard of the format"),
        "proven": _("proven"),
        "weighed": _("found by weighing"),
        "hint": _("from a label, checked"),
        "byte-order mark": _("from the byte-order mark"),
        "ascii": _("plain ASCII"),
        "format": _("fixed by the format"),
    }.get(how, how)
    return f"{value} ({told})" if value else ""


def _findings(report: Report) -> Iterable[str]:
    found = sorted(report.problems.kept, key=lambda p: (p.severity is not Severity.ERROR, p.row))
    if not found:
        return []
    titles = ("", _("row"), _("key"), _("field"), _("what"))
    rows = [titles, *(_cells(problem) for problem in found[:PRINTED])]
    sizes = [min(24, max(width(row[n]) for row in rows)) for n in range(4)]
    lines = [
        "  ".join([*(pad(cell, size) for cell, size in zip(row, sizes, strict=False)), row[4]])
        for row in rows
    ]
    hidden = report.problems.errors + report.problems.warnings - len(found[:PRINTED])
    if hidden:
        message = ngettext(
            "… and %(count)d more finding.", "… and %(count)d more findings.", hidden
        )
        lines.append(message % {"count": hidden})
    return [*lines, ""]


def _cells(problem: Problem) -> tuple[str, ...]:
    mark = _("error") if problem.severity is Severity.ERROR else _("warning")
    place = f" @ {problem.place[0]}, {problem.place[1]}" if problem.place else ""
    row = str(problem.row) if problem.row else "–"
    return mark, row, problem.key, problem.field, f"{problem.message}{place}"


def _outcome(report: Report) -> Iterable[str]:
    counts = report.counts
    if not report.ok:
        message = ngettext(
            "%(count)d error. Nothing was written.",
            "%(count)d errors. Nothing was written.",
            report.problems.errors,
        )
        return [message % {"count": report.problems.errors}]
    message = _(
        "%(added)d added, %(changed)d changed, %(unchanged)d unchanged, %(removed)d removed."
    )
    lines = [message % counts._asdict()]
    if counts.kept:
        message = _("%(kept)d records of the layer are not in the file and stay (see --replace).")
        lines.append(message % {"kept": counts.kept})
    if not report.written:
        lines.append(_("This was a dry run: nothing was written. Add --commit to write."))
    return lines


def width(text: str) -> int:
    """Columns a text takes on a terminal; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def pad(text: str, columns: int) -> str:
    """The text filled up, or cut, to a number of columns."""
    while width(text) > columns:
        text = text[:-1]
    return text + " " * (columns - width(text))
