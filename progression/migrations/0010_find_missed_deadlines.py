from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("progression", "0009_who_judges_and_who_sees"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("closed_on__isnull", True), ("missed_on__isnull", False)),
                fields=["application", "missed_on"],
                name="deadline_missed",
            ),
        ),
    ]
