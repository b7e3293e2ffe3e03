from django.db import migrations

STATES = ("draft", "published", "withdrawn")


def mend(apps, schema_editor):
    for name in ("District", "StoredFeature"):
        # Nobody ever saw these: what is public is in the state "published".
        unknown = apps.get_model("layers", name).objects.exclude(state__in=STATES)
        if count := unknown.update(state="draft"):
            print(f"\n    {name}: {count} in an unknown state, now drafts", end="")


class Migration(migrations.Migration):
    """What the constraints of the next migration refuse is put right, and said."""

    dependencies = [("layers", "0011_encoded_features")]

    operations = [migrations.RunPython(mend, migrations.RunPython.noop, elidable=True)]
