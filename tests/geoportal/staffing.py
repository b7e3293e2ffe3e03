"""Staff at work in the administration, form by form."""

from django.contrib.auth.models import Permission
from django.test import Client

from geoportal.people.models import User


def staff(area=None) -> Client:
    user = User.objects.create_user("keeper", password="a long enough password", is_staff=True)
    user.area = area
    user.save()
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="investment"))
    client = Client()
    client.force_login(user)
    return client


def form_of(client: Client, path: str, **given) -> dict:
    """The values a change form would send, as the browser does, with some changed."""
    page = client.get(path)
    forms = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    values = {}
    for form in forms:
        for bound in form:
            shown = bound.value()
            if shown is None or shown is False or hasattr(shown, "url"):
                continue
            if isinstance(shown, list) and bound.name not in {"documents", "modes"}:
                shown = ",".join(map(str, shown))
            values[bound.html_name] = (
                bound.field.widget.format_value(shown) if (hasattr(shown, "wkt")) else shown
            )
            if hasattr(shown, "utcoffset"):
                values |= {
                    f"{bound.html_name}_0": shown.date(),
                    f"{bound.html_name}_1": shown.time(),
                }
    return {**values, **given}


def saved(client: Client, path: str, **given):
    """The answer to saving; a form that is refused shows its errors."""
    return client.post(path, form_of(client, path, **given))


def errors_of(answer) -> dict:
    return answer.context["adminform"].form.errors if answer.status_code == 200 else {}
