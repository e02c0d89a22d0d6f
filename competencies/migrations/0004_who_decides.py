from django.db import migrations, models
from django.db.models.fields.json import KT


class Migration(migrations.Migration):
    """Who decides, beside the file: read out of it, PostgreSQL unpacks the whole file for each case it looks at."""

    dependencies = [
        ("competencies", "0003_drafts"),
    ]

    operations = [
        migrations.AddField(
            model_name="schemecontent",
            name="authorised_by",
            field=models.GeneratedField(
                db_persist=True,
                expression=KT("file__decision__authorised_by"),
                output_field=models.CharField(max_length=30),
            ),
        ),
        migrations.AddField(
            model_name="schemecontent",
            name="heard_by",
            field=models.GeneratedField(
                db_persist=True,
                expression=KT("file__appeal__heard_by"),
                output_field=models.CharField(max_length=30),
            ),
        ),
    ]
