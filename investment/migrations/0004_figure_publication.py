from django.db import migrations, models

STATES = [("draft", "draft"), ("published", "published"), ("withdrawn", "withdrawn")]


def state(default):
    return models.CharField(
        choices=STATES, default=default, max_length=10, verbose_name="state"
    )


class Migration(migrations.Migration):

    dependencies = [("investment", "0003_photo_credit_in_both_languages")]

    operations = [
        # What stands has been public all along.
        migrations.AddField("figure", "state", state("published")),
        migrations.AlterField("figure", "state", state("draft")),
        migrations.AddField(
            "figure",
            "effective_from",
            models.DateTimeField(blank=True, null=True, verbose_name="in effect from"),
        ),
        migrations.AddField(
            "figure",
            "effective_until",
            models.DateTimeField(blank=True, null=True, verbose_name="in effect until"),
        ),
    ]
