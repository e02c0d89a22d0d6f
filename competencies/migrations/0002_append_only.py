from django.db import migrations

from people.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_refuse_change"),
        ("competencies", "0001_initial"),
    ]

    operations = [
        append_only("competencies_scheme"),
        append_only("competencies_level"),
        append_only("competencies_step"),
        append_only("competencies_competency"),
        append_only("competencies_competency_steps_evidenced"),
        append_only("competencies_criterion"),
        append_only("competencies_criterion_steps"),
        append_only("competencies_payscale"),
        append_only("competencies_spinalpoint"),
    ]
