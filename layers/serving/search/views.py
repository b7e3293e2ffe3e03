"""GET /api/search: a FeatureCollection of points, the best hit first."""

from urllib.parse import quote

from django.contrib.gis.geos import Point
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from rest_framework.decorators import api_view, renderer_classes
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from layers.postgis.fields import SRID
from layers.records.models import District
from layers.serving.search.coordinates import Location, parse_location
from layers.serving.search.hits import Hit, find
from layers.serving.search.question import read_question

#: Half the width of what the map shows around a typed place, in degrees.
_AROUND = 0.01


class GeoJSONRenderer(JSONRenderer):
    """JSON under the name of what it holds."""

    media_type = "application/geo+json"
    charset = None


@api_view(["GET"])
@renderer_classes([GeoJSONRenderer, JSONRenderer])
def search(request: HttpRequest) -> Response:
    """Everything found for `q`, in the reader's language."""
    question = read_question(request.query_params)
    with override(question.language):
        location = parse_location(question.text)
        features = [_place(location)] if location else []
        features += [_feature(hit) for hit in find(question)]
    features = features[: question.limit]
    members = {"type": "FeatureCollection", "features": features, "numberReturned": len(features)}
    return Response(members, headers={"Cache-Control": "no-cache"})


def _feature(hit: Hit) -> dict:
    declaration = hit.declaration
    return {
        "type": "Feature",
        "id": f"{declaration.slug}/{hit.key}",
        "geometry": {"type": "Point", "coordinates": [round(hit.lon, 7), round(hit.lat, 7)]},
        "properties": {
            "id": hit.key,
            "layer": declaration.slug,
            "layerTitle": str(declaration.title),
            "title": str(hit.name),
            "subtitle": str(hit.district),
            "url": _address(hit),
            "bbox": [round(side, 7) for side in hit.box],
        },
    }


def _address(hit: Hit) -> str:
    """The record's page where its layer has pages; else its resource in the API."""
    if hit.declaration.page:
        return reverse(hit.declaration.page, args=[hit.key])
    return f"/api/collections/{hit.declaration.slug}/items/{quote(hit.key, safe='')}"


def _place(location: Location) -> dict:
    lon, lat = (round(value, 7) for value in location)
    district = District.objects.public().filter(level=District.Level.COUNTY)
    district = district.filter(geom__intersects=Point(lon, lat, srid=SRID)).first()
    return {
        "type": "Feature",
        "id": f"location/{lon},{lat}",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": {
            "id": f"{lon},{lat}",
            "layer": "location",
            "layerTitle": _("Coordinates"),
            "title": str(location),
            "subtitle": district.name if district else "",
            "url": "",
            "bbox": [round(side, 7) for side in _around(lon, lat)],
        },
    }


def _around(lon: float, lat: float) -> tuple[float, float, float, float]:
    return (lon - _AROUND, lat - _AROUND, lon + _AROUND, lat + _AROUND)
