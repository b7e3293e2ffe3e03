"""Signing in leads to where one can work, and says why where one cannot."""

import pytest
from django.test import Client

from geoportal.people.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"


def sign_in(username: str, password: str = PASSWORD, path="/admin/login/", **given):
    form = {"username": username, "password": password, **given}
    return Client().post(path, form)


def told(answer) -> list[str]:
    return [*answer.context["form"].non_field_errors()]


@pytest.mark.parametrize("given", [{}, {"next": ""}, {"next": "https://elsewhere.example/"}])
@pytest.mark.parametrize("start", ["/admin/", "/en/admin/"])
def test_one_who_signs_in_comes_to_the_administration(start, given):
    User.objects.create_superuser("chief", password=PASSWORD)
    query = "".join(f"?next={address}" for address in given.values())
    answer = sign_in("chief", path=f"{start}login/{query}", **given)
    assert (answer.status_code, answer["Location"]) == (302, start)


def test_an_account_without_staff_rights_is_told_so_by_the_right_password_only():
    User.objects.create_user("investor", password=PASSWORD)
    assert told(sign_in("investor")) == ["此账号无权进入管理后台。"]
    assert told(sign_in("investor", "wrong")) == told(sign_in("nobody", "wrong"))
    assert told(sign_in("investor", "wrong")) != told(sign_in("investor"))


def test_an_account_that_is_closed_is_not_told_apart():
    User.objects.create_user("left", password=PASSWORD, is_active=False)
    assert told(sign_in("left")) == told(sign_in("nobody"))
