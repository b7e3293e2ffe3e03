from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("investment", "0002_photo_versions")]

    operations = [
        migrations.RenameField("photo", "credit", "credit_zh"),
        migrations.AddField(
            "photo", "credit_en", models.CharField(blank=True, max_length=200)
        ),
    ]
