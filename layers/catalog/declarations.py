"""The declarations in force: typed layers from code, stored layers from their rows."""

from functools import lru_cache, partial

from django.db.models.fields.json import KT

from layers.bilingual import Text
from layers.catalog.models import Code, Layer
from layers.registry import Declaration, Field, FieldType, Geometry, typed_declarations


def declaration_for(layer: Layer) -> Declaration:
    """The declaration behind a catalogue row, whichever kind it is."""
    if layer.kind == Layer.Kind.TYPED:
        return typed_declarations()[layer.slug]
    return _stored_declaration(layer.pk, layer.version)


@lru_cache(maxsize=512)
def _stored_declaration(layer_id: int, _version: int) -> Declaration:
    # The data version is part of the key, so a changed dictionary is a new declaration. Records
    # are reached by relation: the catalogue does not import the room that builds on it.
    layer = Layer.objects.select_related("group").get(pk=layer_id)
    return Declaration(
        slug=layer.slug,
        title=Text(layer.title_zh, layer.title_en),
        abstract=Text(layer.abstract_zh, layer.abstract_en),
        group=layer.group.slug,
        geometry=Geometry(layer.geometry_type),
        fields=tuple(_stored_fields(layer)),
        records=partial(layer.features.model.objects.in_layer, layer.pk),
        label=(layer.label_zh, layer.label_en),
        style=layer.style,
        min_zoom=layer.min_zoom,
        max_zoom=layer.max_zoom,
        visible=layer.visible,
        order=layer.order,
        has_z=layer.has_z,
        dictionary=layer.dictionary,
    )


def _stored_fields(layer: Layer):
    for row in layer.fields.select_related("code_list"):
        yield Field(
            name=row.name,
            label=Text(row.label_zh, row.label_en),
            type=FieldType(row.type),
            unit=Text(row.unit_zh, row.unit_en),
            codes=row.code_list.slug if row.code_list else "",
            required=row.required,
            minimum=row.minimum,
            maximum=row.maximum,
            public=row.public,
            filter=row.filter,
            source=KT(f"properties__{row.name}"),
        )


def code_labels(slug: str) -> dict[str, Text]:
    """The labels of a code list by value, in its order."""
    codes = Code.objects.filter(code_list__slug=slug).order_by("order", "value")
    return {code.value: Text(code.label_zh, code.label_en) for code in codes}


def code_books() -> dict[str, dict[str, Text]]:
    """All code lists by slug, each as `code_labels` gives it, in one query."""
    books: dict[str, dict[str, Text]] = {}
    codes = Code.objects.select_related("code_list").order_by("code_list", "order", "value")
    for code in codes:
        book = books.setdefault(code.code_list.slug, {})
        book[code.value] = Text(code.label_zh, code.label_en)
    return books
