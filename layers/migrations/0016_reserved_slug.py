from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("layers", "0015_tiles")]

    operations = [
        migrations.RunSQL(
            "UPDATE layers_layer SET slug = 'records-' || id WHERE slug = 'records'",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="layer",
            constraint=models.CheckConstraint(
                condition=~models.Q(slug="records"), name="layer_slug_is_not_reserved"
            ),
        ),
    ]
