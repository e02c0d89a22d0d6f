"""What `manage.py check --deploy --database default` says of the database that is signed in to."""

from django.core.checks import Tags, Warning, register
from django.db import connections


@register(Tags.database)
def application_owns_no_table(databases=None, **_):
    """A warning when the application could change the audit: it signs in as the owner of its tables."""
    faults = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_class WHERE relname = 'people_auditentry'"
                " AND pg_has_role(current_user, relowner, 'USAGE'))"
            )
            if cursor.fetchone()[0]:
                faults.append(
                    Warning(
                        "The application signs in to PostgreSQL as the owner of its tables: it could change"
                        " the audit.",
                        hint="Give DATABASE_URL another role than the one that migrates: docs/deployment.md.",
                        id="people.W001",
                    )
                )
    return faults
