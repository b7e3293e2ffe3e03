"""Which export a request asks for: the parameters of a page of records, of all its pages."""

from dataclasses import replace

from django.http import QueryDict
from django.utils.translation import gettext as _

from layers.errors import BadParameter
from layers.postgis.features import Presentation
from layers.postgis.sorting import SortedCut, in_order
from layers.postgis.systems import CRS84_URI, CRS84H_URI
from layers.serving.exports.addresses import with_whole_addresses
from layers.serving.exports.export import Export
from layers.serving.exports.formats import Format
from layers.serving.negotiation import LANGUAGES
from layers.serving.published import Collection
from layers.serving.selection import OWN, PAGE, Selection, parsed_selection

PARAMETERS = tuple(name for name in OWN if name not in PAGE)


def asked_export(
    query: QueryDict, found: Collection, chosen: Format, language: str, origin: str
) -> Export:
    """The export in a query string; `language` is `zh` or `en`; raises BadParameter.

    Records come in the order asked for, else in the one that pages have.
    """
    selection = parsed_selection(query, found.declaration, PARAMETERS)
    records = selection.of(found.public_records())
    language = LANGUAGES[language]
    return Export(
        declaration=with_whole_addresses(found.declaration, origin, language),
        records=records.order_by(*_order(selection)),
        language=language,
        presentation=_presentation(selection, chosen, given="crs" in query),
    )


def _order(selection: Selection) -> list:
    if isinstance(selection.cut, SortedCut):
        return in_order(selection.cut.keys)
    return ["curve", "pk"]


def _presentation(selection: Selection, chosen: Format, *, given: bool) -> Presentation:
    system = selection.presentation.system if given else chosen.system
    if chosen.only_degrees and system.uri not in (CRS84_URI, CRS84H_URI):
        message = _("%(format)s has positions in CRS84 alone; leave “crs” out.")
        raise BadParameter("crs", message % {"format": chosen.title})
    return replace(selection.presentation, system=system, xy=True)
