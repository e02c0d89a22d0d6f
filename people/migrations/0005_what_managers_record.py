import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("people", "0004_written_once")]

    operations = [
        migrations.CreateModel(
            name="PostChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(max_length=40)),
                ("was", models.CharField(blank=True, max_length=40)),
                ("became", models.CharField(blank=True, max_length=40)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="people.post",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [models.Index(fields=["post", "-at"], name="post_change_latest")],
                "constraints": [
                    models.CheckConstraint(condition=~Q(was=F("became")), name="post_change_changes")
                ],
            },
        ),
        append_only("people_postchange"),
    ]
