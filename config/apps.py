from celery.signals import heartbeat_sent, worker_shutdown
from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Assembly"

    def ready(self):
        from config.health import forget_worker, note_worker
        from payroll.selectors import queries_waiting
        from progression.diary import HEARINGS
        from progression.views.start import ALSO_WAITING
        from reviews.appeal_selectors import also_waiting
        from reviews.hearing_selectors import hearing_ahead

        ALSO_WAITING[:] = [also_waiting, queries_waiting]
        HEARINGS[:] = [hearing_ahead]
        heartbeat_sent.connect(note_worker)
        worker_shutdown.connect(forget_worker)
