from django.db import migrations

from people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_refuse_change"),
        ("progression", "0001_initial"),
    ]

    operations = [
        append_only("progression_event"),
    ]
