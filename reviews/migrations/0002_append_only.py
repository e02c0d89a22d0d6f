from django.db import migrations

from people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_refuse_change"),
        ("reviews", "0001_initial"),
    ]

    operations = [
        append_only("reviews_authorisation"),
    ]
