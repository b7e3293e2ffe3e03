"""The administration speaks the reader's language throughout, and leads to the other one."""

import re
from html.parser import HTMLParser

import pytest
from django.contrib import admin as administration
from django.test import Client
from django.urls import reverse
from django.utils import translation

from geoportal.people.models import User
from investment.models import Document, Figure, Indicator, Policy
from layers.models import Code, CodeList, Layer
from tests.factories import (
    make_contact,
    make_district,
    make_feature,
    make_layer,
    make_park,
    make_project,
    make_site,
)

pytestmark = pytest.mark.django_db

#: Names of formats, standards, systems, keys and units are the same in either language; "Search" is
#: what the framework's template fixes as the other text of a picture.
LATIN = re.compile(
    r"WKT|GeoJSON|JSON|SHA-256|CGCS2000|GB/T|GB|PPP|DOCX|XLSX|PDF|ZIP|JPEG|PNG|WebP|English"
    r"|MVA|m³/d|[a-z]+_[a-z_]+|kN/m²|km²|m²|CNY|USD|EPSG|IRR|[MWBA]\d|[（(](?:m|t|kV|MVA|ha)[)）]|LDAP|Control|Mac|Command|^Search$",
)
VALUES = {"textarea", "script", "style", "pre", "code", "strong"}
VALUE_CLASSES = {"readonly", "inline_label"}
ROWS = {"result_list", "change-history"}
SAID = ("title", "aria-label", "placeholder", "alt")
VOID = {"input", "img", "br", "hr", "meta", "link", "use", "path", "col", "wbr"}


class Words(HTMLParser):
    """What a page says of itself: its text and labels without the values of records."""

    def __init__(self):
        super().__init__()
        self.said: list[str] = []
        self.open: list[tuple[str, bool]] = []
        self.table = ""

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        self.said += [given[name] for name in SAID if name in given and not self._in_value()]
        if tag == "input" and given.get("type") in {"submit", "button"}:
            self.said.append(given.get("value", ""))
        if tag in VOID:
            return
        if tag == "table":
            self.table = given.get("id", "")
        kinds = given.get("class", "").split()
        value = bool(VALUE_CLASSES & {*kinds}) or tag in VALUES
        value = value or (tag == "tbody" and self.table in ROWS)
        value = value or ("lang" in given and tag != "html")
        self.open.append((tag, value))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if data.strip() and not self._in_value():
            self.said.append(data.strip())

    def _in_value(self) -> bool:
        return any(value for _, value in self.open)


def said_by(client: Client, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200, path
    words = Words()
    words.feed(answer.content.decode())
    return words.said


@pytest.fixture
def records() -> list:
    """One of each kind that staff keep."""
    district, layer = make_district(), make_layer()
    park, site = make_park(), make_site()
    listed = CodeList.objects.create(slug="kinds", title_zh="种类", title_en="Kinds")
    Code.objects.create(code_list=listed, value="1", label_zh="一", label_en="One")
    named = {"title_zh": "名称", "title_en": "Name"}
    indicator = Indicator.objects.create(
        slug="gdp", topic="economy", unit_zh="元", unit_en="yuan", **named
    )
    return [
        *(district, layer, layer.group, listed, park, site, indicator, make_contact()),
        *(make_feature(layer), make_project(), Layer.objects.get(slug="parks")),
        Document.objects.create(kind="guide", language="zh", **named),
        Policy.objects.create(slug="policy", level="county", **named),
        Figure.objects.create(
            indicator=indicator, district=district, year=2025, value=1, as_of="2026-03-01"
        ),
    ]


def pages(records) -> list[str]:
    """Every page of the administration in the language in force."""
    found = [reverse("admin:index"), reverse("admin:password_change")]
    found += [reverse("admin:app_list", args=[app]) for app in ("layers", "investment", "people")]
    for model in administration.site._registry:
        name = model._meta.label_lower.replace(".", "_")
        found += [reverse(f"admin:{name}_{page}") for page in ("changelist", "add")]
    for record in records:
        name = record._meta.label_lower.replace(".", "_")
        for page in ("change", "delete", "history"):
            found.append(reverse(f"admin:{name}_{page}", args=[record.pk]))
    return found


def test_in_chinese_no_english_is_left(admin, records):
    User.objects.update(username="组长")
    left = {}
    for path in pages(records):
        words = [LATIN.sub("", text) for text in said_by(admin, path)]
        if latin := {text for text in words if re.search(r"[A-Za-z]{2,}", text)}:
            left[path] = latin
    assert left == {}


def test_in_english_no_chinese_is_left(admin, records):
    left = {}
    with translation.override("en"):
        for path in pages(records):
            if chinese := {t for t in said_by(admin, path) if re.search(r"[\u4e00-\u9fff]", t)}:
                left[path] = chinese
    assert left == {}


@pytest.mark.parametrize("path", ["/admin/", "/admin/investment/park/?q=x", "/admin/login/"])
def test_each_page_leads_to_itself_in_the_other_language(admin, path):
    client = Client() if "login" in path else admin
    english = path.replace("/admin/", "/en/admin/")
    link = '<a class="other-language" href="{}" lang="{}" hreflang="{}">{}</a>'
    page = client.get(path).content.decode()
    assert link.format(english, "en", "en", "English") in page
    back = client.get(english).content.decode()
    assert link.format(path, "zh-hans", "zh-hans", "简体中文") in back


def test_scripts_say_in_chinese_what_the_framework_has_in_english_only(admin):
    assert '"Choose all %s": "\\u9009\\u62e9\\u5168\\u90e8%s"' in said_by_scripts(admin, "/admin/")
    assert '"Choose all %s": "Choose all %s"' in said_by_scripts(admin, "/en/admin/")


def said_by_scripts(client: Client, start: str) -> str:
    return client.get(f"{start}jsi18n/").content.decode()
