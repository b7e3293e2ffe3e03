"""The note beside a shapefile: origin, what the short names mean, and what did not fit."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import override

from layers.serving.exports.about import about
from layers.serving.exports.columns import Column, columns_for
from layers.serving.exports.export import Export


def note(export: Export, names: Mapping[str, str], cut: Mapping[str, int], beyond_gbk: int) -> str:
    """The text in the language of the export.

    `names` are the short names by the full ones, `cut` counts the texts cut by field, `beyond_gbk`
    those with characters that GBK has not.
    """
    with override(export.language):
        origin = about(export.declaration, export.language, export.system)
        lines = [f"{label}: {value}" for label, value in origin.facts]
        lines += ["", _("Short name, field, label, unit, codes"), ""]
        lines += [_line(names[c.declared.name], c) for c in columns_for(export)]
        lines += ["", *_losses(cut, beyond_gbk)]
    return "\r\n".join(lines) + "\r\n"


def _line(short: str, column: Column) -> str:
    codes = "; ".join(f"{code} {label}" for code, label in column.codes.items())
    told = (short, column.declared.name, column.label, column.unit, codes)
    return "\t".join(told).rstrip()


def _losses(cut: Mapping[str, int], beyond_gbk: int) -> list[str]:
    lines = [
        _("%(field)s: %(count)s texts were longer than 254 bytes and are cut.")
        % {"field": field, "count": count}
        for field, count in cut.items()
    ]
    if cut:
        lines.append(_("GeoPackage, CSV and GeoJSON hold them whole."))
    if beyond_gbk:
        message = _(
            "%(count)s texts have characters that GBK has not: the texts are in GB18030, which"
            " holds GBK, and .cpg says so."
        )
        lines.append(message % {"count": beyond_gbk})
    return lines
