"""What the HTML pages of the API show besides the documents themselves."""

import json
import re
from decimal import Decimal

from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from layers.bilingual import Text
from layers.catalog.declarations import code_books
from layers.registry import Declaration, Field, FieldType, Geometry
from layers.serving.documents import page_template
from layers.serving.exports.representations import downloads
from layers.serving.features import Found
from layers.serving.links import Addresses
from layers.serving.presentation import PRESENTATION
from layers.serving.published import Collection
from layers.serving.selection import PAGE

_GEOMETRIES = {
    Geometry.POINT: gettext_lazy("points"),
    Geometry.LINE: gettext_lazy("lines"),
    Geometry.POLYGON: gettext_lazy("areas"),
    Geometry.ANY: gettext_lazy("points, lines and areas"),
}


_KINDS = {
    FieldType.TEXT: pgettext_lazy("type of a field", "text"),
    FieldType.INTEGER: pgettext_lazy("type of a field", "whole number"),
    FieldType.NUMBER: pgettext_lazy("type of a field", "number"),
    FieldType.YEAR: pgettext_lazy("type of a field", "year"),
    FieldType.BOOLEAN: pgettext_lazy("type of a field", "yes or no"),
    FieldType.DATE: pgettext_lazy("type of a field", "date"),
    FieldType.DATETIME: pgettext_lazy("type of a field", "date and time"),
    FieldType.CODE: pgettext_lazy("type of a field", "code"),
    FieldType.CODES: pgettext_lazy("type of a field", "codes"),
    FieldType.URL: pgettext_lazy("type of a field", "web address"),
}


def collection_page(found: Collection, document: dict, addresses: Addresses) -> dict:
    """A layer with its data dictionary in words, and its downloads."""
    fields = document["geoportal"]["fields"]
    return {
        "collection": found,
        "geometry": str(_GEOMETRIES[found.declaration.geometry]),
        "fields": [{**field, "kind": _KINDS[field["type"]]} for field in fields],
        "downloads": downloads(addresses.export(found.id), document["geoportal"]["count"]),
    }


def grouped(collections: list[dict]) -> list[dict]:
    """The layers under their branches of the layer tree, in order."""
    groups: dict[str, dict] = {}
    for collection in sorted(collections, key=lambda c: c["geoportal"]["group"]["order"]):
        group = collection["geoportal"]["group"]
        found = groups.setdefault(group["id"], {"title": group["title"], "collections": []})
        found["collections"].append(collection)
    return list(groups.values())


def items_page(page: Found, query: QueryDict, addresses: Addresses) -> dict:
    """A table of records: headings with units, cells with labels instead of codes."""
    found = page.collection
    columns = _columns(found.declaration)
    features = json.loads(b"[%s]" % page.page.features)
    return {
        "collection": found,
        "columns": columns,
        "rows": [
            {
                "id": feature["id"],
                "url": addresses.item(found.id, feature["id"]),
                "cells": [c.cell(feature["properties"]) for c in columns],
            }
            for feature in features
        ],
        "page": page,
        "downloads": _downloads_of(page, query, addresses),
        "conditions": [(name, value) for name, value in query.items() if name not in _UNSAID],
    }


def _downloads_of(page: Found, query: QueryDict, addresses: Addresses) -> list[dict]:
    """All records that match, not only those of the page."""
    kept = query.copy()
    for name in ("f", *PAGE):
        kept.pop(name, None)
    address = addresses.export(page.collection.id)
    return downloads(f"{address}?{kept.urlencode()}" if kept else address, page.matched)


def item_page(found: Collection, feature: dict) -> dict:
    """One record as a list of facts."""
    template = page_template(found.declaration.page)
    properties, geometry = feature["properties"], feature["geometry"]
    label = Text(*(str(properties.get(name) or "") for name in found.declaration.label))
    return {
        "name": str(label) or feature["id"],
        "geometry": geometry and json.dumps(geometry),
        "collection": found,
        "feature": feature,
        "cells": [c.cell(properties) for c in _columns(found.declaration)],
        "record_page": template and template.replace("{id}", feature["id"]),
    }


_UNSAID = ("f", "lang", "limit", "after", "before", *PRESENTATION)


class _Column:
    """A field as tables show it."""

    def __init__(self, field: Field, labels: dict):
        self.name, self.label, self.unit = field.name, str(field.label), str(field.unit)
        self.is_number = field.is_numeric
        self.is_counted = field.is_numeric and field.type is not FieldType.YEAR
        self.is_link = field.type is FieldType.URL
        self.has_labels = bool(labels)
        self._labels = labels

    def cell(self, properties: dict) -> dict:
        """The column, the value in words, and where it leads: to the web or nowhere."""
        value = self._shown(properties)
        leads = self.is_link and re.match("https?://", str(value))
        return {"column": self, "value": value, "url": value if leads else ""}

    def _shown(self, properties: dict):
        value = properties.get(self.name)
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, list):
            return ", ".join(str(self._labels.get(str(each), each)) for each in value)
        if self.is_counted and isinstance(value, int | float):
            return number_format(Decimal(str(value)).normalize(), force_grouping=True)
        return self._labels.get(str(value), value)


def _columns(declaration: Declaration) -> list[_Column]:
    books = code_books()
    return [_Column(field, books.get(field.codes, {})) for field in declaration.public_fields]


def openapi_page(description: dict) -> dict:
    """The operations by tag."""
    tags = {tag["name"]: {**tag, "operations": []} for tag in description["tags"]}
    components = description["components"]["parameters"]
    for path, item in description["paths"].items():
        operation = item["get"]
        parameters = [
            components[each["$ref"].rsplit("/", 1)[1]] if "$ref" in each else each
            for each in operation["parameters"]
        ]
        tag = operation["tags"][0]
        tags.setdefault(tag, {"name": tag, "description": tag, "operations": []})
        tags[tag]["operations"].append({**operation, "path": path, "parameters": parameters})
    return {"description": description, "tags": list(tags.values())}


def schema_page(document: dict) -> dict:
    """The properties of a JSON Schema as rows."""
    return {
        "fields": [
            {
                "name": name,
                "unit": schema.get("x-ogc-unit", ""),
                "values": schema.get("items", schema).get("oneOf", []),
                **schema,
            }
            for name, schema in document["properties"].items()
        ]
    }
