"""Two people at one record: the second is told of the first and undoes nothing."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.admin import site
from django.contrib.admin.models import LogEntry
from django.db import OperationalError, connection, transaction
from django.test import RequestFactory
from django.urls import reverse

from geoportal.people.models import User
from investment.models import Document, Park
from tests.factories import (
    make_district,
    make_feature,
    make_layer,
    make_park,
    make_project,
    make_site,
)
from tests.geoportal.staffing import form_of, saved, staff

pytestmark = pytest.mark.django_db

MAKERS = [make_district, make_park, make_site, make_project, lambda: make_feature(make_layer())]


def path_of(record) -> str:
    name = record._meta.label_lower.replace(".", "_")
    return reverse(f"admin:{name}_change", args=[record.pk])


def told(answer) -> str:
    return " ".join(answer.context["adminform"].form.non_field_errors())


@pytest.mark.parametrize("make", MAKERS)
def test_a_form_opened_before_another_change_is_refused(admin, make):
    record = make()
    form = form_of(admin, path_of(record))
    type(record).objects.filter(pk=record.pk).update(source_zh="统计局")
    answer = admin.post(path_of(record), {**form, "source_zh": "自然资源局"})
    assert answer.status_code == 200
    assert re.match("您打开此记录之后，有人已于 .+ 修改了它。", told(answer))
    assert answer.context["adminform"].form["source_zh"].value() == "自然资源局"
    record.refresh_from_db()
    assert record.source_zh == "统计局"


@pytest.mark.parametrize("make", MAKERS)
def test_a_form_opened_after_it_is_saved(admin, make):
    record = make()
    type(record).objects.filter(pk=record.pk).update(source_zh="统计局")
    assert saved(admin, path_of(record), source_en="Bureau").status_code == 302


def test_the_second_is_told_who_was_first(admin):
    park = make_park()
    form = form_of(admin, path_of(park))
    colleague = staff()
    User.objects.filter(username="keeper").update(name="韩文博")
    assert saved(colleague, path_of(park), name_zh="北林新区").status_code == 302
    answer = admin.post(path_of(park), {**form, "name_zh": "北林旧区"})
    assert told(answer).startswith("您打开此记录之后，韩文博已于 ")
    assert Park.objects.get().name_zh == "北林新区"


def test_a_change_of_what_belongs_to_the_record_counts(admin):
    park = make_park()
    form = form_of(admin, path_of(park))
    assert saved(staff(), path_of(park), **{"utilities-0-headroom": "21"}).status_code == 302
    assert admin.post(path_of(park), form).status_code == 200
    assert park.utilities.filter(headroom=21).exists()


def make_guide() -> Document:
    return Document.objects.create(title_zh="指南", title_en="Guide", kind="guide", language="zh")


def test_a_change_of_the_documents_alone_counts(admin):
    park, guide = make_park(), make_guide()
    form = form_of(admin, path_of(park))
    assert saved(staff(), path_of(park), documents=[guide.pk]).status_code == 302
    assert admin.post(path_of(park), form).status_code == 200
    assert [*park.documents.all()] == [guide]


@pytest.mark.parametrize("act", ["publish", "withdraw"])
def test_who_publishes_or_withdraws_in_the_list_is_told_to_the_next(admin, act):
    park = make_park(state="withdrawn" if act == "publish" else "published")
    form = form_of(admin, path_of(park))
    colleague = staff()
    User.objects.filter(username="keeper").update(name="韩文博")
    listed = reverse("admin:investment_park_changelist")
    colleague.post(f"{listed}?state={park.state}", {"action": act, "_selected_action": [park.pk]})
    answer = admin.post(path_of(park), {**form, "name_zh": "北林旧区"})
    assert told(answer).startswith("您打开此记录之后，韩文博已于 ")
    (entry,) = LogEntry.objects.all()
    assert entry.get_change_message() == "已修改发布状态。"


def test_a_list_that_cannot_be_published_whole_leaves_no_trace(admin, monkeypatch):
    park = make_park(state="draft")
    monkeypatch.setattr(type(LogEntry.objects), "log_actions", None)
    with pytest.raises(TypeError):
        admin.post(
            reverse("admin:investment_park_changelist"),
            {"action": "publish", "_selected_action": [park.pk]},
        )
    park.refresh_from_db()
    assert park.state == "draft"


def test_layers_published_in_the_list_tell_by_whom(admin):
    layer = make_layer(published=False)
    listed = reverse("admin:layers_layer_changelist")
    admin.post(listed, {"action": "publish", "_selected_action": [layer.pk]})
    layer.refresh_from_db()
    assert layer.published
    assert LogEntry.objects.get().object_id == str(layer.pk)


@pytest.mark.django_db(transaction=True)
def test_the_row_is_held_from_the_comparison_until_it_is_saved(admin):
    park = make_park()
    form = form_of(admin, path_of(park))
    with transaction.atomic():
        page = park_form(park, form)
        assert page.is_valid(), page.errors
        with ThreadPoolExecutor(1) as elsewhere, pytest.raises(OperationalError, match="lock"):
            elsewhere.submit(lock_without_waiting, park.pk).result()


def park_form(park: Park, form: dict):
    request = RequestFactory().get("/")
    request.user = User.objects.get()
    kind = site._registry[Park].get_form(request, park, change=True)
    return kind(form, instance=Park.objects.get(pk=park.pk))


def lock_without_waiting(pk: int) -> None:
    try:
        with transaction.atomic():
            Park.objects.select_for_update(nowait=True).get(pk=pk)
    finally:
        connection.close()


def test_a_form_that_hides_when_it_was_opened_is_refused(admin):
    feature = make_feature(make_layer())
    form = form_of(admin, path_of(feature), properties=json.dumps({"name_zh": "井"}))
    del form["opened"]
    assert admin.post(path_of(feature), form).status_code == 200


def test_who_may_only_look_sees_no_version_to_carry():
    park = make_park()
    client = staff()
    user = User.objects.get()
    user.user_permissions.set(user.user_permissions.filter(codename="view_park"))
    page = client.get(path_of(park))
    assert page.status_code == 200
    assert "opened" not in page.content.decode()
