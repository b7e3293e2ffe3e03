"""Two people at one record: the second is told of the first and undoes nothing."""

import json
import re

import pytest
from django.urls import reverse

from geoportal.people.models import User
from investment.models import Park
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
