"""Accounts."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person who signs in; `area` is where a member of staff is responsible (责任区域)."""

    name = models.CharField(_("name"), max_length=150, blank=True)
    area = models.ForeignKey(
        "layers.District",
        verbose_name=_("area of responsibility"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    def __str__(self):
        return self.name or self.username
