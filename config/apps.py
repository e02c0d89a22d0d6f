from celery.signals import heartbeat_sent, worker_shutdown
from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Assembly"

    def ready(self):
        from config.health import forget_worker, note_worker

        heartbeat_sent.connect(note_worker)
        worker_shutdown.connect(forget_worker)
