"""Records that answer a question, all layers in one statement, the best first."""

import operator
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce

from django.db.models import Case, F, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Concat, Lower, Replace
from django.utils.translation import gettext as _

from layers.bilingual import Text
from layers.catalog.models import Code
from layers.errors import BadParameter
from layers.postgis.boxes import meeting
from layers.postgis.shapes import Bound, Latitude, Longitude
from layers.records.search import pairs_of, plain, search_text
from layers.registry import Declaration, Field, FieldType
from layers.serving.published import Collection, published_collections
from layers.serving.search.question import Question

#: What matched, the best first: the name itself (a place's also without its kind), its beginning
#: in a language or in pinyin, beginnings of any words, parts of words, a code such as the industry.
EXACT, PREFIX, WORD_START, PART, CODE = range(5)
#: What names of divisions and settlements end in, and what people leave out.
_KINDS_ZH = ("市", "区", "县", "镇", "乡", "街道")
_KINDS_EN = (" city", " district", " county", " town", " township", " subdistrict")
#: Fewer pairs of characters say too little to call a record near.
LEAST_PAIRS = 2
_COLUMNS = (
    *("layer", "rank", "weight", "key", "name_zh", "name_en", "district_zh", "district_en"),
    *("lon", "lat", "west", "south", "east", "north"),
)


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A record found: where it is in degrees, and its box."""

    declaration: Declaration
    key: str
    name: Text
    district: Text
    lon: float
    lat: float
    box: tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True)
class Found:
    """The records found; `exact` unless they hold only the most part of what was asked."""

    hits: list[Hit]
    exact: bool


def find(question: Question) -> Found:
    """At most `limit` public records in which every word of the question is found.

    Where there is none, those that hold most pairs of a Chinese phrase: 玉米深加工 finds 玉米加工.
    """
    collections = list(searched(question.layers))
    hits = _find(collections, question, question.words, _with_every_word)
    pairs = pairs_of(question.words)
    if hits or len(pairs) < LEAST_PAIRS:
        return Found(hits=hits, exact=True)
    return Found(hits=_find(collections, question, pairs, _with_most_pairs), exact=False)


def _find(collections: list, question: Question, words: tuple[str, ...], choose) -> list[Hit]:
    codes = _codes_matching(words)
    parts = []
    for collection in collections if words else ():
        declaration = collection.declaration
        conditions = [
            Q(search_text__contains=word) | _by_code(declaration, labelled)
            for word, labelled in zip(words, codes, strict=True)
        ]
        parts.append(_in_layer(collection, question, conditions, choose))
    if not parts:
        return []
    rows = parts[0]
    if len(parts) > 1:
        order = (f"hit_{column}" for column in ("rank", "weight", "layer", "name_zh", "key"))
        rows = rows.union(*parts[1:], all=True).order_by(*order)[: question.limit]
    declarations = {each.id: each.declaration for each in collections}
    return [_hit(declarations, row) for row in rows]


def searched(slugs: frozenset[str] | None) -> Iterator[Collection]:
    """The public layers, each table of typed records once; raises BadParameter for others."""
    public = published_collections()
    unknown = (slugs or frozenset()) - {collection.id for collection in public}
    if unknown:
        raise BadParameter("layers", _("No such layer: %s.") % ", ".join(sorted(unknown)))
    seen = set()
    for collection in sorted(public, key=_plain_layers_first):
        # Thematic layers show the records of another layer once more.
        table = collection.declaration.records().model if collection.typed else collection.id
        if table not in seen and (slugs is None or collection.id in slugs):
            seen.add(table)
            yield collection


def _plain_layers_first(collection: Collection) -> tuple:
    return (collection.id.count("-"), collection.id)


def _in_layer(collection: Collection, question: Question, conditions: list, choose) -> QuerySet:
    declaration = collection.declaration
    records = declaration.public_records().filter(geom__isnull=False)
    if question.box:
        records = meeting(records, question.box)
    by_name = {field.name: field.expression for field in declaration.public_fields}
    chinese, english = (_text(by_name.get(label)) for label in declaration.label)
    padded = Concat(Value(" "), F("search_text"), Value(" "), output_field=TextField())
    records = records.alias(
        hit_lower_zh=_plain(chinese), hit_lower_en=_plain(english), hit_padded=padded
    )
    records = choose(records, declaration.key, question, conditions).annotate(
        hit_name_zh=chinese, hit_name_en=english, **_answers(collection, records.model)
    )
    ordered = records.order_by("hit_rank", "hit_name_zh", "hit_key")[: question.limit]
    return ordered.values_list(*(f"hit_{column}" for column in _COLUMNS))


def _with_every_word(records: QuerySet, key: str, question: Question, words: list[Q]) -> QuerySet:
    return records.filter(*words).annotate(hit_rank=_rank(key, question))


def _with_most_pairs(records: QuerySet, _key: str, _question: Question, pairs: list[Q]) -> QuerySet:
    ones = (Case(When(pair, then=1), default=0, output_field=IntegerField()) for pair in pairs)
    held = reduce(operator.add, ones)
    # The more pairs a record holds, the nearer it is.
    return (
        records.alias(hit_held=held)
        .filter(hit_held__gte=max(LEAST_PAIRS, len(pairs) // 2))
        .annotate(hit_rank=CODE + len(pairs) - F("hit_held"))
    )


def _plain(name):
    """As `layers.records.search.plain` makes texts, by the database."""
    return Replace(Lower(name), Value("'"), Value(""), output_field=TextField())


def _answers(collection: Collection, model) -> dict:
    """The other columns; the database works out those of geometry for the few that are kept."""
    has_district = any(field.name == "district" for field in model._meta.get_fields())
    districts = [_text(F(f"district__name_{c}") if has_district else None) for c in ("zh", "en")]
    return {
        "hit_key": Cast(F(collection.declaration.key), TextField()),
        "hit_layer": Value(collection.id, output_field=TextField()),
        "hit_weight": Value(_weight(collection), output_field=IntegerField()),
        "hit_district_zh": districts[0],
        "hit_district_en": districts[1],
        "hit_lon": Longitude("geom"),
        "hit_lat": Latitude("geom"),
        "hit_west": Bound("XMin"),
        "hit_south": Bound("YMin"),
        "hit_east": Bound("XMax"),
        "hit_north": Bound("YMax"),
    }


def _text(expression):
    empty = Value("", output_field=TextField())
    return empty if expression is None else Coalesce(Cast(expression, TextField()), empty)


def _weight(collection: Collection) -> int:
    """What visitors come for first: records with a page, then places, then the rest."""
    if collection.declaration.page:
        return 0
    return 1 if collection.typed else 2


def _rank(key: str, question: Question) -> Case:
    whole = plain(question.text)
    named = (
        Q(hit_lower_zh__in=[whole, *(whole + kind for kind in _KINDS_ZH)]),
        Q(hit_lower_en__in=[whole, *(whole + kind for kind in _KINDS_EN)]),
        Q(**{f"{key}__iexact": whole}),
    )
    # The pinyin of a name follows it in the search text.
    pinyin = Concat(Value(" "), F("hit_lower_zh"), Value(f" {whole}"), output_field=TextField())
    begun = (
        Q(hit_lower_zh__startswith=whole),
        Q(hit_lower_en__startswith=whole),
        Q(hit_padded__contains=pinyin),
    )
    starts = (Q(hit_padded__contains=f" {word}") for word in question.words)
    inside = (Q(search_text__contains=word) for word in question.words)
    return Case(
        When(Q(*named, _connector=Q.OR), then=EXACT),
        When(Q(*begun, _connector=Q.OR), then=PREFIX),
        When(Q(*starts), then=WORD_START),
        When(Q(*inside), then=PART),
        default=CODE,
        output_field=IntegerField(),
    )


def _codes_matching(words: tuple[str, ...]) -> list[dict[str, list[str]]]:
    """For each word by code list the values that it is, or whose label (or pinyin) holds it."""
    found: list[dict[str, list[str]]] = [{} for _word in words]
    rows = Code.objects.values_list("code_list__slug", "value", "label_zh", "label_en")
    for code_list, value, chinese, english in rows:
        text = _code_text(chinese, english)
        for word, values in zip(words, found, strict=True):
            if word in text or (word == value.lower() and not word.isdigit()):
                values.setdefault(code_list, []).append(value)
    return found


@lru_cache(maxsize=4096)
def _code_text(chinese: str, english: str) -> str:
    return search_text([chinese, english])


def _by_code(declaration: Declaration, labelled: dict[str, list[str]]) -> Q:
    """Records that carry one of the codes in any public field."""
    found = Q(pk__in=[])
    for field in declaration.public_fields:
        if values := labelled.get(field.codes):
            found |= _carries(field, values)
    return found


def _carries(field: Field, values: list[str]) -> Q:
    expression = field.expression
    if isinstance(expression, KeyTextTransform):
        path = f"properties__{expression.key_name}"
        if field.type == FieldType.CODE:
            return Q(**{f"{path}__in": values})
        return Q(*(Q(**{f"{path}__contains": value}) for value in values), _connector=Q.OR)
    if not isinstance(expression, F):
        return Q(pk__in=[])
    lookup = "in" if field.type == FieldType.CODE else "overlap"
    return Q(**{f"{expression.name}__{lookup}": values})


def _hit(declarations: dict[str, Declaration], row: tuple) -> Hit:
    values = dict(zip(_COLUMNS, row, strict=True))
    name = Text(values["name_zh"], values["name_en"])
    return Hit(
        declaration=declarations[values["layer"]],
        key=values["key"],
        name=name if any(name) else Text(values["key"], values["key"]),
        district=Text(values["district_zh"], values["district_en"]),
        lon=values["lon"],
        lat=values["lat"],
        box=tuple(values[side] for side in ("west", "south", "east", "north")),
    )
