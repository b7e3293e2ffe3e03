from django.db import migrations
from django.db.models import F

RECORDS = ("District", "StoredFeature")


def mend(apps, schema_editor):
    for name in RECORDS:
        records = apps.get_model("layers", name).objects
        # Nobody ever saw these; without its end alone such a record would come to light.
        never = records.filter(effective_until__lte=F("effective_from"))
        told(name, never.update(effective_until=None, state="draft"), "never in effect, now drafts")
        told(name, checked_too_soon(records).update(verify_by=None), "date to verify by taken away")
    layers = apps.get_model("layers", "Layer").objects
    told("Layer", checked_too_soon(layers).update(verify_by=None), "date to verify by taken away")
    fields = apps.get_model("layers", "LayerField").objects.filter(minimum__gt=F("maximum"))
    told("LayerField", fields.update(minimum=None, maximum=None), "bounds taken away")


def checked_too_soon(rows):
    return rows.filter(verify_by__lt=F("as_of"))


def told(name, count, what):
    if count:
        print(f"\n    {name}: {count} {what}", end="")


class Migration(migrations.Migration):
    """What the constraints of the next migration refuse is put right, and said."""

    dependencies = [("layers", "0003_find_districts_again")]

    operations = [migrations.RunPython(mend, migrations.RunPython.noop, elidable=True)]
