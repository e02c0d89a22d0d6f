from celery.signals import heartbeat_sent, task_prerun, worker_shutdown
from django.apps import AppConfig

from people import acting


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Assembly"

    def ready(self):
        from config.health import forget_worker, note_worker
        from config.privacy import put_together
        from payroll.selectors import QUERIES
        from progression.also_waiting import KINDS
        from progression.diary import HEARINGS
        from reviews.appeal_selectors import LATE_REQUESTS, REVERSALS
        from reviews.hearing_selectors import hearing_ahead

        KINDS[:] = [LATE_REQUESTS, REVERSALS, QUERIES]
        HEARINGS[:] = [hearing_ahead]
        put_together()
        heartbeat_sent.connect(note_worker)
        worker_shutdown.connect(forget_worker)
        task_prerun.connect(_task_acts)


def _task_acts(task=None, **_):
    acting.begin(f"task {task.name}")
