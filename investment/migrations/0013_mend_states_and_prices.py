from django.db import migrations
from django.db.models import F

STATES = ("draft", "published", "withdrawn")
PUBLISHED = ("Park", "Site", "Project", "Document", "Figure", "Policy")


def mend(apps, schema_editor):
    for name in PUBLISHED:
        # Nobody ever saw these: what is public is in the state "published".
        unknown = apps.get_model("investment", name).objects.exclude(state__in=STATES)
        told(name, unknown.update(state="draft"), "in an unknown state, now drafts")
    parks = apps.get_model("investment", "Park").objects
    for amount in ("land_price", "lease"):
        only_highest = {f"{amount}_min__isnull": True, f"{amount}_max__isnull": False}
        count = parks.filter(**only_highest).update(**{f"{amount}_min": F(f"{amount}_max")})
        told("Park", count, f"{amount}_max stood alone, now {amount}_min as well")


def told(name, count, what):
    if count:
        print(f"\n    {name}: {count} {what}", end="")


class Migration(migrations.Migration):
    """What the constraints of the next migration refuse is put right, and said."""

    dependencies = [("investment", "0012_curve")]

    operations = [migrations.RunPython(mend, migrations.RunPython.noop, elidable=True)]
