from django.db import migrations

from people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_refuse_change"),
        ("payroll", "0002_initial"),
    ]

    operations = [
        append_only("payroll_issueddocument"),
        append_only("payroll_download"),
    ]
