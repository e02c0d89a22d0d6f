"""What Celery beat starts, and how often (seconds, or a crontab). The tasks themselves live in their packages."""

BEAT_SCHEDULE = {}
