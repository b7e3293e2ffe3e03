"""GET /api/search: a FeatureCollection of points, the best hit first."""

import json
from urllib.parse import quote

from django.contrib.gis.geos import Point
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from layers.postgis.fields import DEGREE_DIGITS, SRID
from layers.records.models import District
from layers.serving.delivery import delivered
from layers.serving.negotiation import GEOJSON
from layers.serving.resource import Resource
from layers.serving.search.coordinates import Location, parse_location
from layers.serving.search.hits import Hit, find
from layers.serving.search.question import read_question

#: Half the width of what the map shows around a typed place, in degrees.
_AROUND = 0.01


class Search(Resource):
    """Everything found for `q`, the best first, in the reader's language."""

    formats = (GEOJSON,)
    parameters = None

    def get(self, request: HttpRequest) -> HttpResponse:
        question = read_question(request.GET)
        location = parse_location(question.text)
        features = [_place(location)] if location else []
        found = find(question)
        features += [_feature(hit) for hit in found.hits]
        features = features[: question.limit]
        document = {
            "type": "FeatureCollection",
            "features": features,
            "numberReturned": len(features),
            "exact": found.exact,
        }
        body = json.dumps(document, ensure_ascii=False)
        return delivered(request, body.encode(), GEOJSON.media_type)


def _feature(hit: Hit) -> dict:
    declaration = hit.declaration
    place = [round(hit.lon, DEGREE_DIGITS), round(hit.lat, DEGREE_DIGITS)]
    return {
        "type": "Feature",
        "id": f"{declaration.slug}/{hit.key}",
        "geometry": {
            "type": "Point",
            "coordinates": place,
        },
        "properties": {
            "id": hit.key,
            "layer": declaration.slug,
            "layerTitle": str(declaration.title),
            "title": str(hit.name),
            "subtitle": str(hit.district),
            "url": _address(hit),
            "bbox": [round(side, DEGREE_DIGITS) for side in hit.box],
        },
    }


def _address(hit: Hit) -> str:
    """The record's page where its layer has pages; else its resource in the API."""
    if hit.declaration.page:
        return reverse(hit.declaration.page, args=[hit.key])
    return f"/api/collections/{hit.declaration.slug}/items/{quote(hit.key, safe='')}"


def _place(location: Location) -> dict:
    lon, lat = (round(value, DEGREE_DIGITS) for value in location)
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
            "bbox": [round(side, DEGREE_DIGITS) for side in _around(lon, lat)],
        },
    }


def _around(lon: float, lat: float) -> tuple[float, float, float, float]:
    return (lon - _AROUND, lat - _AROUND, lon + _AROUND, lat + _AROUND)
