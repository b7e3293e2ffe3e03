"""What rows must be: held by the database, and said in words at the fields of a form."""

import copy
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class _Said:
    """For constraints: a sentence (`says`) and the fields of a form it stands at (`at`).

    The database holds neither, so that migrations know nothing of them.
    """

    def __init__(self, *, at: tuple[str, ...], says, **kwargs):
        super().__init__(violation_error_message=says, **kwargs)
        self.at = at

    def validate(self, model, instance, exclude=None, using=DEFAULT_DB_ALIAS):
        try:
            super().validate(model, instance, exclude, using)
        except ValidationError as error:
            raise ValidationError(dict.fromkeys(self._marked(instance), error)) from None

    def _marked(self, instance) -> tuple[str, ...]:
        """Those of the fields that are filled in, or else the first: that one is lacking."""
        filled = (name for name in self.at if getattr(instance, name) not in (None, ""))
        return tuple(filled) or self.at[:1]

    def deconstruct(self):
        return _in_the_database(super())

    def clone(self):
        return copy.copy(self)

    def __eq__(self, other):
        return isinstance(other, self.plain) and self.deconstruct() == _in_the_database(other)

    def __hash__(self):
        return hash(self.name)


def _in_the_database(constraint) -> tuple:
    _path, args, kwargs = constraint.deconstruct()
    kwargs.pop("violation_error_message", None)
    kind = "Unique" if "fields" in kwargs else "Check"
    return f"django.db.models.{kind}Constraint", args, kwargs


class Check(_Said, models.CheckConstraint):
    """A condition every row meets."""

    plain = models.CheckConstraint


class Unique(_Said, models.UniqueConstraint):
    """Columns whose values stand together once only."""

    plain = models.UniqueConstraint


def not_negative(kind: str, *fields: str) -> list[Check]:
    """That amounts, where they are given, are zero or more."""
    return [
        Check(
            condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0}),
            name=f"{kind}_{field}_not_negative",
            at=(field,),
            says=_("This cannot be less than zero."),
        )
        for field in fields
    ]


def choices_held(model: type[models.Model]) -> type[models.Model]:
    """Class decorator: the database, too, takes only the choices of columns that have some.

    A misspelt state would otherwise unpublish a record without a word.
    """
    meta = model._meta
    coded = [field for field in meta.local_concrete_fields if _choices_of(field)]
    meta.constraints = [*meta.constraints, *(_one_of(meta.model_name, each) for each in coded)]
    # Where migrations look whether a model has constraints at all.
    meta.original_attrs["constraints"] = meta.constraints
    return model


def _choices_of(field: models.Field) -> list | None:
    return getattr(field, "base_field", field).choices


def _one_of(kind: str, field: models.Field) -> Check:
    values = [value for value, _label in _choices_of(field)]
    lookup = "contained_by" if hasattr(field, "base_field") else "in"
    known = values if lookup == "contained_by" or not field.blank else ["", *values]
    return Check(
        condition=Q(**{f"{field.name}__{lookup}": known}),
        name=f"{kind}_{field.name}_is_known",
        at=(field.name,),
        says=_("This is none of the values there are."),
    )


def verified_after(name: str) -> Check:
    """That the date of the next check does not lie before the state it checks."""
    return Check(
        condition=Q(as_of__isnull=True) | Q(verify_by__isnull=True) | Q(verify_by__gte=F("as_of")),
        name=name,
        at=("verify_by",),
        says=_("The date to verify by cannot be before the date of the data."),
    )


def not_ahead(day: date) -> None:
    """Refuse a state of data that is still to come; a day is left for other time zones."""
    if day > timezone.localdate() + timedelta(days=1):
        raise ValidationError(_("Data cannot be of a day that is still to come."))
