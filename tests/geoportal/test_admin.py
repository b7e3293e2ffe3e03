"""Staff keep the content in the administration, in their language and area, under the CSP."""

import re
from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django_tasks_db.models import DBTaskResult

from geoportal.people.models import User
from investment.models import Park, Site
from layers.models import Layer
from tests.factories import (
    make_contact,
    make_district,
    make_layer,
    make_park,
    make_project,
    make_site,
    square,
)
from tests.geoportal.staffing import errors_of, saved, staff

pytestmark = pytest.mark.django_db

LISTS = (
    *("layers_district", "layers_storedfeature", "layers_layer", "layers_layergroup"),
    *("layers_codelist", "layers_contact", "investment_park", "investment_site"),
    *("investment_project", "investment_policy", "investment_indicator", "investment_figure"),
    *("investment_document", "people_user"),
)


class Inline(HTMLParser):
    """Collects what the content security policy would stop: inline scripts, styles, handlers."""

    def __init__(self):
        super().__init__()
        self.stopped: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        data = given.get("type") in {"application/json", "text/template"}
        if tag == "style" or (tag == "script" and not given.get("src") and not data):
            self.stopped.append(tag)
        self.stopped += [name for name in given if name == "style" or name.startswith("on")]
        for name in ("src", "href", "action"):
            if re.match(r"(https?:)?//", given.get(name) or ""):
                self.stopped.append(given[name])


def stopped_in(response) -> list[str]:
    """What the policy of the page's own header would stop in it."""
    policy = response["Content-Security-Policy"]
    assert "'unsafe-inline'" not in policy
    reader = Inline()
    reader.feed(response.content.decode())
    return reader.stopped


def test_one_signs_in_under_the_content_security_policy():
    User.objects.create_superuser("chief", password="a long enough password")
    client = Client(enforce_csrf_checks=True)
    page = client.get("/admin/login/")
    assert stopped_in(page) == []
    token = page.context["csrf_token"]
    answer = client.post(
        "/admin/login/",
        {
            "username": "chief",
            "password": "a long enough password",
            "csrfmiddlewaretoken": str(token),
            "next": "/admin/",
        },
        follow=True,
    )
    assert answer.status_code == 200
    assert answer.context["user"].username == "chief"
    assert stopped_in(answer) == []


@pytest.mark.parametrize("name", LISTS)
def test_every_list_opens_and_can_be_searched(admin, name):
    for path in (reverse(f"admin:{name}_changelist"), reverse(f"admin:{name}_add")):
        answer = admin.get(path)
        assert answer.status_code == 200, path
        assert stopped_in(answer) == [], path
    found = admin.get(reverse(f"admin:{name}_changelist"), {"q": "绥化 suihua"})
    assert found.status_code == 200


def labels_of(client: Client, path: str) -> list[str]:
    page = client.get(path)
    assert page.status_code == 200
    forms = [page.context["adminform"].form]
    forms += [f.formset.empty_form for f in page.context["inline_admin_formsets"]]
    return [str(bound.label) for form in forms for bound in form.visible_fields()]


@pytest.mark.parametrize(
    "name",
    [
        *("layers_layer", "layers_storedfeature", "layers_contact", "investment_park"),
        *("investment_site", "investment_project", "investment_policy", "investment_indicator"),
    ],
)
def test_forms_are_labelled_in_chinese_and_in_english(admin, name):
    chinese = labels_of(admin, reverse(f"admin:{name}_add"))
    with translation.override("en"):
        english = labels_of(admin, reverse(f"admin:{name}_add"))
    assert [text for text in chinese if not re.search(r"[\u4e00-\u9fff]", text)] == []
    assert [text for text in english if re.search(r"[\u4e00-\u9fff]", text)] == []
    assert [text for text in english if re.search(r"_| (zh|en)$", text)] == []


def test_a_park_is_changed_with_its_utilities(admin):
    make_district()
    park = make_park()
    path = reverse("admin:investment_park_change", args=[park.pk])
    answer = saved(admin, path, name_zh="北林新区", **{"utilities-0-headroom": "21"})
    assert answer.status_code == 302, answer.context["errors"]
    park.refresh_from_db()
    assert park.name_zh == "北林新区"
    assert park.geom.equals_exact(square(127.0, 46.6))
    assert park.search_text.startswith("北林新区")
    assert park.utilities.filter(headroom=21).exists()


def test_headroom_beyond_capacity_is_refused_in_words(admin):
    park = make_park()
    path = reverse("admin:investment_park_change", args=[park.pk])
    answer = saved(admin, path, **{"utilities-0-headroom": "99999999"})
    assert answer.status_code == 200
    assert answer.context["errors"]


def test_nothing_is_published_without_a_contact(admin):
    site = make_site(state="draft", contact=None)
    path = reverse("admin:investment_site_change", args=[site.pk])
    answer = saved(admin, path, state="published")
    assert "发布前请先填写联系人。" in errors_of(answer)["contact"]
    listed = reverse("admin:investment_site_changelist")
    chosen = {"action": "publish", "_selected_action": [site.pk]}
    page = admin.post(listed, chosen, follow=True)
    assert "1 条记录缺少联系人" in page.content.decode()
    assert Site.objects.get().state == "draft"


def test_publishing_and_withdrawing_count_as_changes(admin):
    site = make_site(state="draft", contact=make_contact())
    listed = reverse("admin:investment_site_changelist")
    for action, state in (("publish", "published"), ("withdraw", "withdrawn")):
        before = Site.objects.get().row_version
        admin.post(listed, {"action": action, "_selected_action": [site.pk]})
        assert (Site.objects.get().state, Site.objects.get().row_version) == (state, before + 1)


def test_staff_with_an_area_see_and_change_that_area_only():
    beilin = make_district()
    make_district("231221", "望奎县", "Wangkui", geom=square(126.0, 46.5, 0.4))
    here = make_park("here", geom=square(127.0, 46.6))
    there = make_park("there", geom=square(126.1, 46.6))
    client = staff(area=beilin)
    page = client.get(reverse("admin:investment_park_changelist"))
    assert [park.slug for park in page.context["cl"].result_list] == ["here"]
    change = "admin:investment_park_change"
    assert client.get(reverse(change, args=[here.pk])).status_code == 200
    assert client.get(reverse(change, args=[there.pk])).status_code == 302
    listed = reverse("admin:investment_park_changelist")
    client.post(listed, {"action": "withdraw", "_selected_action": [there.pk]})
    assert Park.objects.get(slug="there").state == "published"


def test_staff_with_an_area_place_nothing_outside_it():
    beilin = make_district()
    make_district("231221", "望奎县", "Wangkui", geom=square(126.0, 46.5, 0.4))
    site = make_site(park=make_park("here", geom=square(127.0, 46.6)))
    other = make_park("there", geom=square(126.1, 46.6))
    client = staff(area=beilin)
    path = reverse("admin:investment_site_change", args=[site.pk])
    answer = saved(client, path, geom="POLYGON((126.1 46.6,126.11 46.6,126.11 46.61,126.1 46.6))")
    assert "该位置不在您的责任区域（北林区）内。" in errors_of(answer)["geom"]
    assert "park" in errors_of(saved(client, path, park=other.pk))
    assert saved(client, path, name_zh="改名").status_code == 302
    site.refresh_from_db()
    assert (site.name_zh, site.district, site.park.slug) == ("改名", beilin, "here")


@pytest.mark.parametrize("change", [{"geom": "POINT (127 46.6)"}, {"code": "231299"}])
def test_the_boundary_and_code_of_a_county_are_kept_by_the_city(change):
    beilin = make_district()
    client = staff(area=beilin)
    User.objects.get().user_permissions.set(Permission.objects.all())
    path = reverse("admin:layers_district_change", args=[beilin.pk])
    assert client.get(path).status_code == 200
    assert client.post(path, {"level": "county", **change}).status_code == 403
    listed = reverse("admin:layers_district_changelist")
    client.post(listed, {"action": "withdraw", "_selected_action": [beilin.pk]})
    beilin.refresh_from_db()
    assert (beilin.code, beilin.state) == ("231202", "published")


@pytest.mark.parametrize("make", [make_park, make_site, make_project])
def test_an_offer_outside_the_city_is_refused_at_the_field(admin, make):
    make_district()
    make_district("110105", "朝阳区", "Chaoyang", geom=square(116.3, 39.8, 0.4))
    offer = make()
    path = reverse(f"admin:investment_{offer._meta.model_name}_change", args=[offer.pk])
    for place in ("POINT (116.4 39.9)", "POINT (0 0)"):
        assert errors_of(saved(admin, path, geom=place))["geom"] == ["该位置不在本市范围内。"]
    assert saved(admin, path, geom="POINT (127.05 46.65)").status_code == 302


def test_what_belongs_to_the_whole_city_is_only_looked_at_by_staff_with_an_area():
    client = staff(area=make_district())
    user = User.objects.get()
    user.user_permissions.set(Permission.objects.all())
    layer = make_layer()
    path = reverse("admin:layers_layer_change", args=[layer.pk])
    assert client.get(path).status_code == 200
    assert client.post(path, {"title_zh": "改名"}).status_code == 403
    for name in ("contact", "codelist", "layergroup", "district"):
        assert client.get(reverse(f"admin:layers_{name}_add")).status_code == 403, name


def test_a_stored_layer_shows_its_data_dictionary(admin):
    layer = make_layer()
    page = admin.get(reverse("admin:layers_layer_change", args=[layer.pk]))
    names = [f.instance.name for f in page.context["inline_admin_formsets"][0].formset.forms]
    assert names == ["name_zh", "name_en"]


def test_the_worker_writes_records_anew_after_staff_changed_the_dictionary(
    admin, django_capture_on_commit_callbacks
):
    layer = make_layer()
    path = reverse("admin:layers_layer_change", args=[layer.pk])
    for field, asked in (("title_zh", 0), ("fields-0-label_zh", 1)):
        with django_capture_on_commit_callbacks(execute=True):
            assert saved(admin, path, **{field: "改名"}).status_code == 302
        waiting = DBTaskResult.objects.filter(task_path="layers.catalog.tasks.encode_again")
        assert [task.args_kwargs["args"] for task in waiting] == [[layer.pk]] * asked


def test_a_typed_layer_keeps_what_code_declares(admin):
    contact = make_contact()
    layer = Layer.objects.get(slug="parks")
    path = reverse("admin:layers_layer_change", args=[layer.pk])
    page = admin.get(path)
    assert page.context["inline_admin_formsets"] == []
    answer = saved(admin, path, title_zh="改名", steward=contact.pk)
    assert answer.status_code == 302
    layer.refresh_from_db()
    assert (layer.title_zh, layer.steward) == ("产业园区", contact)


def test_a_project_opens_with_all_it_holds(admin):
    make_district()
    project = make_project(park=make_park(), site=make_site())
    answer = saved(admin, reverse("admin:investment_project_change", args=[project.pk]), jobs="120")
    assert answer.status_code == 302, answer.context["errors"]
    project.refresh_from_db()
    assert (project.jobs, project.modes) == (120, ["joint"])
