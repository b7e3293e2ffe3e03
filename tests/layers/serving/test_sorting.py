"""Records in the order of their values, page by page in both directions."""

import json
from itertools import chain
from urllib.parse import quote

import pytest

from tests.factories import make_district, make_feature, make_layer, make_park
from tests.layers.serving.conftest import href

pytestmark = pytest.mark.django_db
KINDS = {
    "depth": "number", "year": "year", "used": "boolean", "built": "date", "checked": "datetime"
}  # fmt: skip


@pytest.fixture
def wells():
    fields = [{"name": n, "label_zh": n, "label_en": n, "type": kind} for n, kind in KINDS.items()]
    return make_layer(fields=fields)


def given(layer, **values_of):
    """A record for each key, with the properties it says."""
    for key, values in values_of.items():
        make_feature(layer, key=key, properties=values)


def walk(api, path: str, rel: str) -> list[list[str]]:
    """The keys of each page from a path on, following links."""
    document, pages = api.json(path), []
    while True:
        pages.append([feature["id"] for feature in document["features"]])
        following = href(document, rel)
        if not following:
            return pages
        document = api.follow(following)


def last_page(api, path: str) -> str:
    document = api.json(path)
    while following := href(document, "next"):
        path = following.removeprefix("http://testserver/api/")
        document = api.json(path)
    return path


def test_records_come_in_the_order_of_a_number_up_and_down(api, wells):
    given(wells, a={"depth": 12.5}, b={"depth": 9}, c={"depth": 100}, d={"depth": 12.25})
    for sign in ("", "+", "%2B"):
        assert api.keys(f"collections/wells/items?sortby={sign}depth") == ["b", "d", "a", "c"]
    assert api.keys("collections/wells/items?sortby=-depth") == ["c", "a", "d", "b"]


def test_what_is_not_known_comes_last_in_both_directions(api, wells):
    given(wells, a={}, b={"depth": 9}, c={"depth": "deep"}, d={"depth": 1})
    assert api.keys("collections/wells/items?sortby=depth")[:2] == ["d", "b"]
    assert api.keys("collections/wells/items?sortby=-depth")[:2] == ["b", "d"]


def test_a_second_property_orders_what_the_first_leaves_alike(api, wells):
    given(
        wells,
        a={"year": 1999, "depth": 1}, b={"year": 1998, "depth": 2},
        c={"year": 1999, "depth": 3}, d={"year": 1998, "depth": 4},
    )  # fmt: skip
    assert api.keys("collections/wells/items?sortby=year,-depth") == ["d", "b", "c", "a"]
    assert api.keys("collections/wells/items?sortby=-year,depth") == ["a", "c", "b", "d"]


def test_chinese_names_come_by_their_pinyin(api, wells):
    names = {"a": "肇东", "b": "安达", "c": "海伦", "d": "青冈"}
    given(wells, **{key: {"name_zh": name} for key, name in names.items()})
    assert api.keys("collections/wells/items?sortby=name_zh") == ["b", "c", "d", "a"]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("depth", [3, 1.5, None, 3, 1e20, -2, None, 1.50000000001]),
        ("name_zh", ["乙", "甲", None, "乙", "a", "", "B", "x" * 300]),
        ("used", [True, False, None, True, False, True, None, False]),
        ("built", ["2020-01-01", "1999-12-31", None, "2020-01-01", "x", "2021-01-01", None, None]),
        (
            "checked",
            ["2020-01-01T00:00:00Z", None, "2020-01-01T00:00:00.5Z", "2020-01-01T00:00:00Z"] * 2,
        ),
    ],
)
@pytest.mark.parametrize("sign", ["", "-"])
def test_pages_hold_every_record_once_forwards_and_backwards(api, wells, name, values, sign):
    given(wells, **{f"w{n}": {name: value} for n, value in enumerate(values)})
    path = f"collections/wells/items?sortby={sign}{name}"
    whole = api.keys(path)
    assert sorted(whole) == sorted(f"w{n}" for n in range(len(values)))
    for limit in (1, 3):
        pages = walk(api, f"{path}&limit={limit}", "next")
        assert list(chain.from_iterable(pages)) == whole
        assert all(len(page) == limit for page in pages[:-1])
        back = walk(api, last_page(api, f"{path}&limit={limit}"), "prev")
        assert list(chain.from_iterable(reversed(back))) == whole


def test_a_record_that_comes_or_goes_between_pages_moves_no_other(api, wells):
    given(wells, a={"depth": 1}, b={"depth": 2}, c={"depth": 3}, d={"depth": 4})
    first = api.json("collections/wells/items?sortby=depth&limit=2")
    wells.features.get(key="b").delete()
    given(wells, new={"depth": 0})
    second = api.follow(href(first, "next"))
    assert [feature["id"] for feature in second["features"]] == ["c", "d"]
    assert href(second, "next") is None
    back = api.follow(href(second, "prev"))
    assert [feature["id"] for feature in back["features"]] == ["new", "a"]


def test_order_goes_together_with_box_filter_and_words(api, wells):
    given(
        wells,
        a={"depth": 3, "name_zh": "深井"}, b={"depth": 2, "name_zh": "深井"},
        c={"depth": 1, "name_zh": "浅井"},
    )  # fmt: skip
    asked = f"bbox=126,46,128,47&q={quote('深井')}&filter={quote('depth > 0')}&sortby=depth"
    page = api.json(f"collections/wells/items?{asked}")
    assert [feature["id"] for feature in page["features"]] == ["b", "a"]
    assert page["numberMatched"] == 2


def test_a_typed_layer_is_sorted_too(api):
    make_district()
    for slug, area in (("p-1", 3000), ("p-2", 1200), ("p-3", 2000)):
        make_park(slug=slug, area_ha=area)
    assert api.keys("collections/parks/items?sortby=area_ha") == ["p-2", "p-3", "p-1"]
    assert walk(api, "collections/parks/items?sortby=-area_ha&limit=2", "next") == [
        ["p-1", "p-3"], ["p-2"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "sortby",
    ["unknown", "-unknown", "depth,", "depth,-depth", "--depth", "geometry", "a,b,c,d,e,f"],
)
def test_an_order_by_what_a_layer_does_not_have_is_refused(api, wells, sortby):
    response = api.ask(f"collections/wells/items?sortby={sortby}")
    assert response.status_code == 400
    assert json.loads(response.content)["parameter"] == "sortby"


@pytest.mark.parametrize(
    "cursor",
    ["s.", "s.!!", "s.AAAA", "s.W10", "s.WyJ4IiwxXQ", "s.WzEsMi41XQ", "s.WzEsLTFd", "s.WzEsMiwzXQ",
     "1f-2", "s.W1tbW1tbW1tdXV1dXV1dXQ", "s.WzFlOTk5OTk5LDFd"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["after", "before"])
def test_a_place_that_no_link_gave_is_refused(api, wells, name, cursor):
    given(wells, a={"depth": 1})
    response = api.ask(f"collections/wells/items?sortby=depth&{name}={cursor}")
    assert response.status_code == 400
    assert json.loads(response.content)["parameter"] == name


def test_the_place_in_one_order_is_none_in_another(api, wells):
    given(wells, a={"depth": 1}, b={"depth": 2})
    page = api.json("collections/wells/items?sortby=depth&limit=1")
    other = href(page, "next").replace("sortby=depth", "sortby=depth,year")
    assert api.ask(other.removeprefix("http://testserver/api/")).status_code == 400


def test_the_sortables_are_listed_and_lead_from_the_layer(api, wells):
    document = api.json("collections/wells/sortables")
    assert set(document["properties"]) == {"name_zh", "name_en", *KINDS}
    layer = api.json("collections/wells")
    rel = "http://www.opengis.net/def/rel/ogc/1.0/sortables"
    assert href(layer, rel) == "http://testserver/api/collections/wells/sortables"
