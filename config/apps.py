from celery.signals import heartbeat_sent
from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Assembly"

    def ready(self):
        from config.health import note_worker

        heartbeat_sent.connect(note_worker)
