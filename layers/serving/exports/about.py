"""What an export says about itself: title, source, as-of date, licence, steward."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext, override

from layers.catalog.models import Layer
from layers.registry import Declaration


@dataclass(frozen=True, kw_only=True)
class About:
    """The origin of the data in the reader's language; `facts` are label and value in order."""

    title: str
    licence: str
    source: str
    as_of: str
    facts: list[tuple[str, str]]


def about(declaration: Declaration, language: str) -> About:
    """Origin of a layer's data as its catalogue row gives it; empty facts are left out."""
    layer = Layer.objects.select_related("steward").get(slug=declaration.slug)
    with override(language):
        as_of = layer.as_of.isoformat() if layer.as_of else ""
        facts = [
            (gettext("Layer"), str(declaration.title)),
            (gettext("Description"), str(declaration.abstract)),
            (gettext("Source"), layer.source),
            (gettext("As of"), as_of),
            (gettext("Licence"), layer.licence),
            (gettext("Steward"), str(layer.steward or "")),
            (gettext("Coordinates"), "CGCS2000 (EPSG:4490)"),
            (gettext("Exported"), timezone.localtime().isoformat(sep=" ", timespec="minutes")),
        ]
        return About(
            title=str(declaration.title),
            licence=layer.licence,
            source=layer.source,
            as_of=as_of,
            facts=[(label, value) for label, value in facts if value],
        )
