"""Staff with an area keep the figures and policies of that area, and only look at documents."""

from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from geoportal.people.models import User
from investment.models import Document, Figure, Indicator, Policy
from tests.factories import make_district, square

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return make_district()


@pytest.fixture
def elsewhere():
    return make_district("231221", "望奎县", "Wangkui", geom=square(126.0, 46.5, 0.4))


@pytest.fixture
def client(county) -> Client:
    """Signed in as staff of one county who may do everything with what belongs to it."""
    user = User.objects.create_user("keeper", password="long enough", is_staff=True, area=county)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="investment"))
    client = Client()
    client.force_login(user)
    return client


def make_policy(slug: str, district) -> Policy:
    named = ("title_zh", "title_en", "text_zh", "text_en", "issued_by_zh", "issued_by_en")
    return Policy.objects.create(
        slug=slug, level="county", district=district, state="draft", **dict.fromkeys(named, slug)
    )


def make_figure(slug: str, district) -> Figure:
    indicator = Indicator.objects.create(
        slug=slug, topic="economy", title_zh=slug, title_en=slug, unit_zh="元", unit_en="CNY"
    )
    return Figure.objects.create(
        indicator=indicator,
        district=district,
        year=2025,
        value=1,
        source_zh="公报",
        source_en="Bulletin",
        as_of=date(2026, 3, 1),
    )


KINDS = [(make_policy, "policy"), (make_figure, "figure")]


@pytest.mark.parametrize(("make", "kind"), KINDS)
def test_only_what_belongs_to_the_area_is_listed_opened_and_published(
    client, county, elsewhere, make, kind
):
    here, there = make("here", county), make("there", elsewhere)
    listed = reverse(f"admin:investment_{kind}_changelist")
    assert [*client.get(listed).context["cl"].result_list] == [here]
    change = f"admin:investment_{kind}_change"
    assert client.get(reverse(change, args=[here.pk])).status_code == 200
    assert client.get(reverse(change, args=[there.pk])).status_code == 302
    chosen = {"action": "publish", "_selected_action": [here.pk, there.pk]}
    client.post(listed, chosen)
    for record, state in ((here, "published"), (there, "draft")):
        record.refresh_from_db()
        assert record.state == state


def test_what_holds_for_all_is_not_kept_by_staff_of_one_county(client):
    make_policy("for-all", None)
    listed = client.get(reverse("admin:investment_policy_changelist"))
    assert not listed.context["cl"].result_list


@pytest.mark.parametrize("given", ["elsewhere", "nowhere"])
@pytest.mark.parametrize("made", KINDS)
def test_nothing_is_moved_out_of_the_area(client, county, elsewhere, made, given):
    make, kind = made
    record = make("here", county)
    path = reverse(f"admin:investment_{kind}_change", args=[record.pk])
    form = client.get(path).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    values = {name: "" if value is None else value for name, value in values.items()}
    values["industries"] = ""
    moved = {**values, "district": elsewhere.pk if given == "elsewhere" else ""}
    answer = client.post(path, moved)
    assert [*answer.context["adminform"].form.errors] == ["district"]
    assert client.post(path, values).status_code == 302


def test_a_city_as_area_holds_its_counties(client, county):
    city = make_district("231200", "绥化市", "Suihua", level="prefecture")
    neighbour = make_district("231102", "爱辉区", "Aihui")
    User.objects.update(area=city)
    here = make_policy("here", county)
    make_policy("there", neighbour)
    listed = client.get(reverse("admin:investment_policy_changelist"))
    assert [*listed.context["cl"].result_list] == [here]


def test_documents_are_only_looked_at(client):
    document = Document.objects.create(
        title_zh="指南", title_en="Guide", kind="guide", language="zh", state="draft"
    )
    path = reverse("admin:investment_document_change", args=[document.pk])
    page = client.get(path)
    assert page.status_code == 200
    assert not page.context["has_change_permission"]
    assert client.post(path, {"title_zh": "改名"}).status_code == 403
    assert client.get(reverse("admin:investment_document_add")).status_code == 403
    delete = reverse("admin:investment_document_delete", args=[document.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403


def test_staff_without_an_area_keep_everything(client, county, elsewhere):
    User.objects.update(area=None)
    make_policy("here", county), make_policy("there", elsewhere), make_policy("for-all", None)
    listed = client.get(reverse("admin:investment_policy_changelist"))
    assert len(listed.context["cl"].result_list) == 3
    assert client.get(reverse("admin:investment_document_add")).status_code == 200
