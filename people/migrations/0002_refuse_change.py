from django.db import migrations

from people.append_only import FUNCTION


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [FUNCTION]
