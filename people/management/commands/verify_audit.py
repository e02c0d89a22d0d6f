"""`manage.py verify_audit`: whether the audit's chain holds, and if not, which entry is the first not to."""

from django.core.management.base import BaseCommand, CommandError

from people import audit_chain


class Command(BaseCommand):
    """Exits with 1 and one sentence when an entry was edited, removed or put in another place."""

    help = "Says whether the audit's chain holds, or names the first entry that does not."

    def handle(self, *args, **options):
        verdict = audit_chain.verify(heads=audit_chain.noted_heads())
        if verdict.fault:
            raise CommandError(verdict.fault)
        self.stdout.write(f"{verdict.number} entries hold. The last has the hash {verdict.hash}.")
