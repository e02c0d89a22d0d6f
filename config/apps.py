from celery.signals import heartbeat_sent, worker_shutdown
from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Assembly"

    def ready(self):
        from config.health import forget_worker, note_worker
        from payroll.selectors import QUERIES
        from progression.also_waiting import KINDS
        from progression.diary import HEARINGS
        from reviews.appeal_selectors import LATE_REQUESTS, REVERSALS
        from reviews.hearing_selectors import hearing_ahead

        KINDS[:] = [LATE_REQUESTS, REVERSALS, QUERIES]
        HEARINGS[:] = [hearing_ahead]
        heartbeat_sent.connect(note_worker)
        worker_shutdown.connect(forget_worker)
