from django.core.management.base import BaseCommand

from progression.process_document import PATH, process_document


class Command(BaseCommand):
    help = "Draws docs/process.md from the table of states."

    def handle(self, *args, **options):
        PATH.write_text(process_document(), "utf-8")
        self.stdout.write(f"{PATH} drawn")
