"""The day on which a step of a journey is taken. Only the web server’s clock moves, not Celery’s."""

from datetime import datetime, time, timedelta

from django.utils import timezone


class Clock:
    """What the pages take for now. It ticks on from wherever it is put."""

    def __init__(self, monkeypatch):
        self._monkeypatch, self._really_now = monkeypatch, timezone.now

    def goes_to(self, day, at=time(10, 0)):
        """It is now `day`, at this time of London."""
        ahead = timezone.make_aware(datetime.combine(day, at)) - self._really_now()
        self._monkeypatch.setattr(timezone, "now", lambda: self._really_now() + ahead)

    def comes_back(self):
        """It is now."""
        self._monkeypatch.setattr(timezone, "now", self._really_now)

    @property
    def today(self):
        return timezone.localdate()


def weekday_before(day, days):
    """The last weekday at least `days` days before `day`."""
    day -= timedelta(days=days)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day
