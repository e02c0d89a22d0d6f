from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("progression", "0006_law_of_moves"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("status", "for_digest")),
                fields=["try_at", "id"],
                name="notice_for_digest",
            ),
        ),
    ]
