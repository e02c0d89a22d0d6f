from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ProgressionConfig(AppConfig):
    name = "progression"
    verbose_name = "Progression"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Each package's messages are known before any is sent."""
        autodiscover_modules("notifications", "meeting_messages")
