"""The people who can sign in to the demonstration."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management import CommandError
from django.db.models import Q

from geoportal.checks import DEMO_PASSWORD, is_local
from layers.models import District

#: What staff may do in the administration until roles come: see, add and change, not delete.
STAFF_APPS = ("layers", "investment")


@dataclass(frozen=True)
class Person:
    """Somebody who signs in."""

    username: str
    name_zh: str
    name_en: str
    staff: bool = True
    superuser: bool = False
    area: str = ""


PEOPLE = (
    Person("admin", "系统管理员", "System administrator", superuser=True),
    Person("planner", "李雪松（市自然资源局）", "Li Xuesong, city planner"),
    Person(
        "planner-beilin",
        "韩文博（北林区自然资源局）",
        "Han Wenbo, planner of Beilin",
        area="231202",
    ),
    Person("publisher", "周颖（市营商环境局）", "Zhou Ying, publisher"),
    Person("investor", "陈思远（投资人）", "Chen Siyuan, investor", staff=False),
)


def load_people(city) -> None:
    """Accounts that are missing; those that are there keep their passwords."""
    users = get_user_model().objects
    known = set(users.values_list("username", flat=True))
    for person in PEOPLE:
        if person.username in known:
            continue
        user = users.create_user(
            person.username,
            f"{person.username}@suihua.example",
            settings.DEMO_PASSWORD,
            name=person.name_zh,
            area=District.objects.filter(code=person.area).first(),
            is_staff=person.staff,
            is_superuser=person.superuser,
        )
        if person.staff and not person.superuser:
            user.user_permissions.set(_staff_permissions())
        city.count("people", 1)


def _staff_permissions():
    return Permission.objects.filter(
        Q(codename__startswith="view_")
        | Q(codename__startswith="add_")
        | Q(codename__startswith="change_"),
        content_type__app_label__in=STAFF_APPS,
    )


def open_sign_ins() -> list[Person]:
    """Those who may enter the administration and whose password still is that of the settings."""
    return _signed_in_by(settings.DEMO_PASSWORD)


def refuse_known_password() -> None:
    """Raise where anybody on the network could sign in with the password of the manual."""
    if settings.DEMO_PASSWORD == DEMO_PASSWORD and _is_exposed():
        raise _refusal()


def refuse_known_sign_ins() -> None:
    """Raise where somebody's account still has that password, whatever is set by now."""
    if _is_exposed() and _signed_in_by(DEMO_PASSWORD):
        raise _refusal()


def _is_exposed() -> bool:
    return not settings.DEBUG and not is_local()


def _refusal() -> CommandError:
    return CommandError(
        "The service can be reached from beyond this machine (HOST, GEOPORTAL_ALLOWED_HOSTS), and "
        "the demonstration password is the one everybody knows: set GEOPORTAL_DEMO_PASSWORD, or "
        "GEOPORTAL_DEMO=no, and change the passwords of demonstration accounts that already are "
        "there (script/manage changepassword NAME)."
    )


def _signed_in_by(password: str) -> list[Person]:
    users = {user.username: user for user in get_user_model().objects.all()}
    return [
        person
        for person in PEOPLE
        if (user := users.get(person.username))
        and user.is_active
        and user.is_staff
        and user.check_password(password)
    ]
