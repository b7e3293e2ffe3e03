"""Every rule the database holds is said in words, in both languages, at fields of the model."""

import re

import pytest
from django.apps import apps
from django.db.models import CheckConstraint, UniqueConstraint
from django.utils import translation

from layers.records.models import Record
from layers.records.publication import Published

MODELS = [*apps.get_app_config("layers").get_models()]
MODELS += apps.get_app_config("investment").get_models()
RULES = [
    pytest.param(model, rule, id=rule.name) for model in MODELS for rule in model._meta.constraints
]


@pytest.mark.parametrize(("model", "rule"), RULES)
def test_every_constraint_says_what_is_amiss_in_both_languages(model, rule):
    assert isinstance(rule, CheckConstraint | UniqueConstraint)
    with translation.override("en"):
        told = str(rule.get_violation_error_message())
    assert rule.violation_error_message != rule.default_violation_error_message
    assert rule.name not in told
    assert told.endswith(".")
    with translation.override("zh-hans"):
        assert re.search(r"[\u4e00-\u9fff].*。$", rule.get_violation_error_message())


@pytest.mark.parametrize(("model", "rule"), RULES)
def test_every_constraint_names_fields_it_asks_about(model, rule):
    asked = set(getattr(rule, "fields", ()))
    if condition := getattr(rule, "condition", None):
        asked |= {name for name, *_ in model._get_expr_references(condition)}
    assert rule.at
    assert set(rule.at) <= asked


@pytest.mark.parametrize("model", [model for model in MODELS if issubclass(model, Published)])
def test_whatever_is_published_ends_after_it_begins(model):
    names = {
        rule.name.partition(f"{model._meta.model_name}_")[2] for rule in model._meta.constraints
    }
    assert "effect_ends_after_start" in names
    assert "verified_after_as_of" in names or not issubclass(model, Record)
