"""What a search reads: each table of records once, however many layers show it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Case, Expression, F, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from layers.errors import BadParameter
from layers.records.models import StoredFeature
from layers.registry import Declaration
from layers.serving.published import Collection, published_collections
from layers.serving.search.codes import carrying

_NOTHING = Value("", output_field=TextField())


@dataclass(frozen=True, kw_only=True)
class Source:
    """Public records with a place, of one table, and how to read them.

    `layer`, `key`, and the two `names` and `districts` (zh, en) yield texts. `weight` says what
    visitors come for first: 0 records with a page, then places, then the rest.
    """

    records: QuerySet
    collections: tuple[Collection, ...]
    layer: Expression
    key: str
    names: tuple[Expression, Expression]
    districts: tuple[Expression, Expression]
    weight: int

    def with_codes(self, labelled: dict[str, list[str]]) -> Q:
        """Records that carry one of the codes, {code list: values}, in a public field."""
        found = Q(pk__in=[])
        for collection in self.collections:
            if one := carrying(collection.declaration, labelled):
                found |= one if collection.typed else Q(one, layer_id=collection.layer.pk)
        return found


def sources(slugs: frozenset[str] | None) -> list[Source]:
    """Of the public layers, or only of those named; raises BadParameter for others."""
    public = published_collections()
    unknown = (slugs or frozenset()) - {collection.id for collection in public}
    if unknown:
        raise BadParameter("layers", _("No such layer: %s.") % ", ".join(sorted(unknown)))
    chosen = [each for each in public if slugs is None or each.id in slugs]
    found = [_typed(collection) for collection in _tables(chosen)]
    stored = tuple(each for each in chosen if not each.typed)
    return [*found, _stored(stored)] if stored else found


def _tables(collections: list[Collection]) -> Iterator[Collection]:
    """Typed layers, each table once: thematic layers show the records of another once more."""
    seen = set()
    for collection in sorted(collections, key=lambda each: (each.id.count("-"), each.id)):
        table = collection.declaration.records().model if collection.typed else StoredFeature
        if table is not StoredFeature and table not in seen:
            seen.add(table)
            yield collection


def _typed(collection: Collection) -> Source:
    declaration = collection.declaration
    records = collection.public_records().filter(geom__isnull=False)
    in_district = any(field.name == "district" for field in records.model._meta.get_fields())
    districts = (F("district__name_zh"), F("district__name_en"))
    return Source(
        records=records,
        collections=(collection,),
        layer=Value(collection.id, output_field=TextField()),
        key=declaration.key,
        names=_names(declaration),
        districts=tuple(_text(each if in_district else None) for each in districts),
        weight=0 if declaration.page else 1,
    )


def _stored(collections: tuple[Collection, ...]) -> Source:
    """All stored layers at once: their records share a table and its index of words."""
    of_layers = Q(layer__in=[collection.layer.pk for collection in collections])
    records = StoredFeature.objects.public(collections[0].at)
    names = {each.layer.pk: _names(each.declaration) for each in collections}
    return Source(
        records=records.filter(of_layers, geom__isnull=False),
        collections=collections,
        layer=Cast(F("layer__slug"), TextField()),
        key="key",
        names=tuple(_by_layer({pk: pair[n] for pk, pair in names.items()}) for n in (0, 1)),
        districts=(_text(F("district__name_zh")), _text(F("district__name_en"))),
        weight=2,
    )


def _by_layer(expressions: dict[int, Expression]) -> Expression:
    """One expression for all layers, by cases only where they differ."""
    layers = defaultdict(list)
    for pk, expression in expressions.items():
        layers[expression].append(pk)
    if len(layers) == 1:
        return next(iter(layers))
    cases = (When(layer__in=pks, then=expression) for expression, pks in layers.items())
    return Case(*cases, default=_NOTHING)


def _names(declaration: Declaration) -> tuple[Expression, Expression]:
    """The names in both languages; one that is not public is not shown."""
    by_name = {field.name: field.expression for field in declaration.public_fields}
    return tuple(_text(by_name.get(label)) for label in declaration.label)


def _text(expression: Expression | None) -> Expression:
    return _NOTHING if expression is None else Coalesce(Cast(expression, TextField()), _NOTHING)
