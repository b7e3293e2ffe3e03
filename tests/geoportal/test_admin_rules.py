"""What the administration refuses, in words at the field concerned, and the database with it."""

from datetime import date, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from investment.models import Document, Park, Project, Site
from layers.models import District
from tests.factories import (
    make_district,
    make_feature,
    make_layer,
    make_park,
    make_project,
    make_site,
)
from tests.geoportal.staffing import errors_of, saved

pytestmark = pytest.mark.django_db

BACKWARDS = {
    **{"effective_from_0": "2026-08-01", "effective_from_1": "00:00"},
    **{"effective_until_0": "2026-07-01", "effective_until_1": "00:00"},
}
ONLY_BUILDINGS = ["只有厂房才有此项，地块请留空。"]
NOT_NEGATIVE = ["此项不能小于零。"]


def make_document() -> Document:
    return Document.objects.create(title_zh="指南", title_en="Guide", kind="guide", language="zh")


def changed(admin, record, **given) -> dict:
    """The errors of saving a record with some values changed."""
    path = reverse(f"admin:{record._meta.label_lower.replace('.', '_')}_change", args=[record.pk])
    return errors_of(saved(admin, path, **given))


@pytest.mark.parametrize(
    "make", [make_district, make_park, make_document, lambda: make_feature(make_layer())]
)
def test_effect_does_not_end_before_it_begins(admin, make):
    errors = changed(admin, make(), **BACKWARDS)
    assert errors == {"effective_until": ["失效时间必须晚于生效时间。"]}


def test_the_database_holds_the_dates_however_a_row_is_written():
    moment = datetime(2026, 7, 1, tzinfo=timezone.get_current_timezone())
    park = make_park()
    for wrong in (
        {"effective_from": moment, "effective_until": moment},
        {"as_of": date(2026, 7, 1), "verify_by": date(2026, 6, 30)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Park.objects.filter(pk=park.pk).update(**wrong)


def test_dates_of_data_are_in_order_and_not_to_come(admin):
    park = make_park()
    errors = changed(admin, park, as_of="2026-06-30", verify_by="2026-06-29")
    assert errors == {"verify_by": ["核验期限不能早于数据日期。"]}
    ahead = timezone.localdate() + timedelta(days=2)
    assert changed(admin, park, as_of=ahead) == {"as_of": ["数据日期不能是未来的日期。"]}
    assert not changed(admin, park, as_of=ahead - timedelta(days=1), verify_by="")


@pytest.mark.parametrize(
    ("lowest", "highest", "refused"),
    [("", "90", True), ("91", "90", True), ("90", "90", False), ("90", "", False)],
)
def test_a_highest_price_needs_a_lowest(admin, lowest, highest, refused):
    errors = changed(admin, make_park(), land_price_min=lowest, land_price_max=highest)
    said = ["填写最高地价时须同时填写最低地价，且最低地价不得高于最高地价。"]
    assert [each for each in errors.values() if each == said] == ([said] if refused else [])
    assert bool(errors) is refused


def columns_with_choices() -> list:
    """(model, field) of every column of ours that has a list of values."""
    ours = (
        m for label in ("layers", "investment") for m in apps.get_app_config(label).get_models()
    )
    fields = ((model, field) for model in ours for field in model._meta.concrete_fields)
    return [(m, f) for m, f in fields if getattr(f, "base_field", f).choices]


def test_every_column_with_a_list_of_values_is_held_by_the_database():
    held = {
        (model, field.name)
        for model, field in columns_with_choices()
        for rule in model._meta.constraints
        if rule.name == f"{model._meta.model_name}_{field.name}_is_known"
    }
    assert held == {(model, field.name) for model, field in columns_with_choices()}
    assert len(held) >= 25


@pytest.mark.parametrize(
    "wrong",
    [{"state": "publishd"}, {"availability": "zzz"}, {"readiness": 9}, {"price_unit": "CNY"}],
)
def test_the_database_takes_no_value_that_is_not_in_the_list(wrong):
    make_site()
    with pytest.raises(IntegrityError, match=f"site_{next(iter(wrong))}_is_known"):
        Site.objects.update(**wrong)


def test_of_several_values_each_must_be_in_the_list():
    make_project(modes=["joint"])
    with pytest.raises(IntegrityError, match="project_modes_is_known"):
        Project.objects.update(modes=["joint", "gift"])


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"price": "-1"}, {"price": NOT_NEGATIVE}),
        ({"price": "-1", "price_unit": ""}, {"price": NOT_NEGATIVE, "price_unit": None}),
        ({"price_unit": ""}, {"price_unit": ["填写价格时请同时选择计价单位。"]}),
        ({"area_m2": "-5"}, {"area_m2": ["面积必须大于零。"]}),
        ({"evidence_zh": ""}, {"evidence_zh": None}),
        ({"floors": "2", "crane_t": "5"}, {"floors": ONLY_BUILDINGS, "crane_t": ONLY_BUILDINGS}),
        ({"kind": "building", "floor_area_m2": "0"}, {"floor_area_m2": None}),
        ({"kind": "building"}, {"floor_area_m2": ["厂房须填写建筑面积，且大于零。"]}),
    ],
)
def test_a_site_is_refused_at_the_field_concerned(admin, given, errors):
    told = changed(admin, make_site(), **given)
    assert set(told) == set(errors)
    assert all(told[name] == words for name, words in errors.items() if words)


def test_a_building_may_have_floors(admin):
    site = make_site(kind="building", floor_area_m2=900)
    assert not changed(admin, site, floors="2", clear_height_m="9", crane_t="5")


def test_the_database_refuses_a_building_whose_floor_area_nobody_knows():
    with pytest.raises(IntegrityError):
        make_site(kind="building")


def test_headroom_beyond_capacity_is_said_at_the_headroom(admin):
    park = make_park()
    path = reverse("admin:investment_park_change", args=[park.pk])
    answer = saved(admin, path, **{"utilities-0-headroom": "99999999"})
    inline = answer.context["inline_admin_formsets"][0].formset
    assert inline.errors[0] == {"headroom": ["余量不能大于总能力。"]}


def unruled(model) -> None:
    """Take the constraints of a table away, as if they had never been there."""
    with connection.cursor() as cursor:
        for rule in model._meta.constraints:
            cursor.execute(f'ALTER TABLE {model._meta.db_table} DROP CONSTRAINT "{rule.name}"')


def test_misspelt_states_and_lonely_highest_prices_were_put_right(capsys):
    unruled(Park)
    unruled(District)
    make_park(state="publishd", land_price_min=None, land_price_max=90)
    make_district(state="")
    import_module("layers.migrations.0012_mend_states").mend(apps, None)
    import_module("investment.migrations.0013_mend_states_and_prices").mend(apps, None)
    for row in (Park.objects.get(), District.objects.get()):
        row.validate_constraints()
        assert row.state == "draft"
    assert Park.objects.get().land_price_min == 90
    assert "Park: 1 in an unknown state, now drafts" in capsys.readouterr().out


def test_what_stood_against_the_rules_before_is_put_right_and_told(capsys):
    unruled(Site)
    unruled(District)
    moment = timezone.now()
    wrong = {"effective_from": moment, "effective_until": moment, "as_of": moment.date()}
    make_site(**wrong, verify_by=date(2020, 1, 1), floors=3, price=-1)
    make_district(**wrong, verify_by=date(2020, 1, 1))
    import_module("layers.migrations.0004_mend_dates").mend(apps, None)
    import_module("investment.migrations.0007_mend_dates_and_amounts").mend(apps, None)
    for row in (Site.objects.get(), District.objects.get()):
        row.clean_fields()
        row.validate_constraints()
        assert (row.state, row.verify_by) == ("draft", None)
    told = capsys.readouterr().out
    assert "Site: 1 floors of land parcels taken away" in told
    assert "District: 1 never in effect, now drafts" in told
