from django.db import migrations

from people.append_only import FUNCTION_BUT, fixed_but


class Migration(migrations.Migration):
    dependencies = [("people", "0003_delegation_conflicts_choices")]

    operations = [
        FUNCTION_BUT,
        fixed_but("people_delegation", once=("ended_at", "ended_by_id")),
        fixed_but("people_conflict", once=("ended_at", "ended_by_id")),
    ]
