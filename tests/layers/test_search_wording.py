"""However people put it: places before what is named after them, codes, phrases, marks."""

import pytest

from layers.records.search import pairs_of
from tests.factories import make_district, make_park, make_project

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["北林", "北林区", "beilin", "beilinqu", "Beilin"])
def test_a_place_comes_before_what_is_named_after_it_or_lies_in_it(ask, typed):
    make_district()
    make_park()
    make_park("other", name_zh="新区", name_en="New Park", address_en="Beilin Road")
    assert ask(typed)[0] == "北林区"


def test_a_name_in_pinyin_comes_before_an_address(ask):
    make_park("a", name_zh="丙园区", name_en="Gamma", address_zh="绥化路1号", address_en="No. 1")
    make_park("b", name_zh="绥化园区", name_en="Alpha")
    assert ask("suihua") == ["绥化园区", "丙园区"]


def test_an_industry_is_found_by_its_code(ask):
    make_park("a", name_zh="甲园区", name_en="Alpha", industries=["C14"])
    make_park("b", name_zh="乙园区", name_en="Beta", industries=["C27"])
    assert ask("C14") == ask("c14") == ["甲园区"]


@pytest.mark.parametrize("typed", ["'", "。", "-- ( )", "😀"])
def test_marks_alone_find_nothing(ask, typed):
    make_district(name_en="Qing'an -- ( ) 😀")
    make_park(name_zh="甲。园", name_en="Park (a) -- '")
    assert ask(typed) == []


def test_a_phrase_that_nothing_holds_finds_what_comes_nearest_and_says_so(client):
    make_park("corn", name_zh="玉米加工园", name_en="Corn Park", industries=["C14"])
    make_park("feed", name_zh="玉米饲料园", name_en="Feed Park", industries=["C14"])
    answer = client.get("/api/search", {"q": "玉米深加工"}).json()
    assert [f["properties"]["title"] for f in answer["features"]] == ["玉米加工园"]
    assert answer["exact"] is False
    assert client.get("/api/search", {"q": "玉米加工"}).json()["exact"] is True
    assert client.get("/api/search", {"q": "煤炭"}).json()["features"] == []


@pytest.mark.parametrize("typed", ["soybean", "soy protein", "Hailin soy"])
def test_english_words_that_nothing_holds_find_what_is_like_them_and_say_so(client, typed):
    make_park("soy", name_zh="大豆园", name_en="Hailun Soy Food Park")
    make_park("corn", name_zh="玉米园", name_en="Zhaodong Corn Works")
    answer = client.get("/api/search", {"q": typed, "lang": "en"}).json()
    assert [f["properties"]["title"] for f in answer["features"]] == ["Hailun Soy Food Park"]
    assert answer["exact"] is False


@pytest.mark.parametrize("typed", ["soa", "quartz", "zzzz"])
def test_what_is_like_nothing_finds_nothing(ask, typed):
    make_park("soy", name_zh="大豆园", name_en="Hailun Soy Food Park")
    assert ask(typed) == []


def test_the_likest_comes_first(ask):
    make_park("far", name_zh="远园", name_en="Soy Works")
    make_park("near", name_zh="近园", name_en="Soybeans")
    assert ask("soybeam", lang="en") == ["Soybeans", "Soy Works"]


def test_a_long_phrase_is_looked_for_by_a_few_pairs_only():
    assert pairs_of(("玉米深加工",)) == ("玉米", "米深", "深加", "加工")
    assert len(pairs_of(("玉米深加工与食品饲料和医药" * 5,))) == 8
    assert pairs_of(("corn", "米")) == ()


@pytest.mark.parametrize("typed", ["Qingan", "qing'an", "Qing’an County", "qingan county"])
def test_apostrophes_may_be_left_out(ask, typed):
    make_district("231224", "庆安县", "Qing'an County")
    make_park("park", name_zh="庆安园区", name_en="Qing'an Park")
    assert ask(typed)[0] == "庆安县"


def test_a_park_is_found_by_its_short_form(ask):
    make_park("beilin-edz", name_zh="北林开发区", name_en="Beilin Zone")
    make_project(name_zh="项目", name_en="Works", address_en="beilin edz")
    assert ask("beilin edz")[0] == "北林开发区"
