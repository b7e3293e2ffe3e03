"""Which layer of a file is meant, and the reader for it."""

from collections.abc import Callable
from functools import partial

from django.utils.translation import gettext as _

from layers.importing.errors import CallRefused, FileRefused
from layers.importing.intake.workspace import Format, Found
from layers.importing.readers.base import Source
from layers.importing.readers.geojson import GeoJson
from layers.importing.readers.geopackage import GeoPackage, contents
from layers.importing.readers.kml import Kml
from layers.importing.readers.shapefile import Shapefile
from layers.importing.readers.table import Table


def open_source(
    found: list[Found], *, layer: str = "", encoding: str = "", x: str = "", y: str = ""
) -> Source:
    """The reader for the layer meant: the only one there is, or the one named."""
    if (x or y) and not (x and y):
        raise CallRefused(_("Name both columns, --x and --y."))
    offered = _offered(found, layer, encoding, x, y)
    if not offered:
        raise FileRefused("file-empty", _("The file holds no layer with geometry."))
    if layer and layer not in offered:
        message = _("The file has no layer “%(name)s”; it has %(layers)s.")
        raise CallRefused(message % {"name": layer, "layers": ", ".join(offered)})
    if not layer and len(offered) > 1:
        message = _("The file has several layers: %(layers)s. Choose one with --source-layer.")
        raise FileRefused(
            "several-layers", message % {"layers": ", ".join(offered)}, layers=list(offered)
        )
    return offered[layer or next(iter(offered))]()


def _offered(
    found: list[Found], layer: str, encoding: str, x: str, y: str
) -> dict[str, Callable[[], Source]]:
    """Openers by the name of the layer they open."""
    offered: dict[str, Callable[[], Source]] = {}
    for one in found:
        if one.format is Format.GEOPACKAGE:
            for name, crs in contents(one).items():
                offered[name] = partial(GeoPackage, one, layer=name, crs=crs)
        elif one.format is Format.KML and len(found) == 1:
            # A folder may be named; without a name all folders are one layer.
            offered[layer or one.name] = partial(Kml, one, encoding=encoding, folder=layer)
        elif one.format is Format.CSV:
            offered[one.name] = partial(Table, one, encoding=encoding, x=x, y=y)
        else:
            reader = {Format.SHAPEFILE: Shapefile, Format.KML: Kml}.get(one.format, GeoJson)
            offered[one.name] = partial(reader, one, encoding=encoding)
    return offered
