"""Signing in leads to where one can work, and says why where one cannot."""

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.core.management import call_command
from django.db.models import F
from django.test import Client

from geoportal.people.models import User
from layers.serving.clients import client_address

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"


def sign_in(username: str, password: str = PASSWORD, path="/admin/login/", headers=(), **given):
    form = {"username": username, "password": password, **given}
    return Client(headers=dict(headers)).post(path, form)


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


@pytest.fixture
def tried_too_often():
    User.objects.create_superuser("chief", password=PASSWORD)
    User.objects.create_superuser("other", password=PASSWORD)
    for number in range(settings.AXES_FAILURE_LIMIT):
        sign_in("chief", f"guess {number}")


def test_a_password_cannot_be_guessed_at_for_ever(tried_too_often):
    answer = sign_in("chief")
    assert answer.status_code == 429
    assert "登录失败次数过多" in answer.content.decode()
    english = sign_in("chief", path="/en/admin/login/").content.decode()
    assert "for a quarter of an hour" in english


def test_others_are_not_locked_out_with_one(tried_too_often):
    assert sign_in("other").status_code == 302
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    form = {"username": "chief", "password": PASSWORD}
    assert elsewhere.post("/admin/login/", form).status_code == 302


def test_after_a_while_the_name_is_taken_again(tried_too_often):
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - settings.AXES_COOLOFF_TIME)
    assert sign_in("chief").status_code == 302


def test_an_administrator_opens_the_name_at_once(tried_too_often):
    call_command("axes_reset_username", "chief")
    assert sign_in("chief").status_code == 302


def test_a_success_forgets_the_failures_before_it():
    User.objects.create_superuser("chief", password=PASSWORD)
    for _ in range(2):
        for number in range(settings.AXES_FAILURE_LIMIT - 1):
            sign_in("chief", f"guess {number}")
        assert sign_in("chief").status_code == 302


@pytest.mark.parametrize("behind", [True, False])
def test_the_address_told_by_a_proxy_is_believed_only_where_there_is_one(behind, rf, settings):
    settings.BEHIND_TLS = behind
    request = rf.get("/", headers={"x-forwarded-for": "198.51.100.1, 203.0.113.7"})
    assert client_address(request) == ("203.0.113.7" if behind else "127.0.0.1")
