"""What an export says about itself: title, source, as-of date, licence, steward."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext, override

from layers.catalog.models import Layer
from layers.postgis.fields import SRID
from layers.postgis.systems import System
from layers.registry import Declaration


@dataclass(frozen=True, kw_only=True)
class About:
    """The origin of the data in the reader's language.

    `facts` are label and value in order, for people; `metadata` is the same by name, for programs.
    """

    title: str
    facts: list[tuple[str, str]]
    metadata: dict[str, str]

    @property
    def described(self) -> str:
        """The facts as one line."""
        return " · ".join(f"{label}: {value}" for label, value in self.facts)


def about(declaration: Declaration, language: str, system: System) -> About:
    """Origin of a layer's data as its catalogue row gives it; empty facts are left out."""
    layer = Layer.objects.select_related("steward").get(slug=declaration.slug)
    with override(language):
        told = [
            ("title", gettext("Layer"), str(declaration.title)),
            ("description", gettext("Description"), str(declaration.abstract)),
            ("source", gettext("Source"), layer.source),
            ("asOf", gettext("As of"), layer.as_of.isoformat() if layer.as_of else ""),
            ("licence", gettext("Licence"), layer.licence),
            ("steward", gettext("Steward"), str(layer.steward or "")),
            ("coordinates", gettext("Coordinates"), _named(system)),
            (
                "exported",
                gettext("Exported"),
                timezone.localtime().isoformat(sep=" ", timespec="minutes"),
            ),
        ]
        return About(
            title=str(declaration.title),
            facts=[(label, value) for _name, label, value in told if value],
            metadata={name: value for name, _label, value in told if value},
        )


def _named(system: System) -> str:
    return f"CGCS2000 (EPSG:{SRID})" if system.epsg == SRID else system.name
