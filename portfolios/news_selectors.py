"""What has come to a worker's evidence from others, for the page that they see first."""

from datetime import timedelta

from people.models import User
from portfolios.observer_selectors import answered_for_row
from portfolios.sharing_selectors import new_for_row

TESTIMONY_IS_NEW_FOR = timedelta(days=7)


def news_for_row(worker, *, now):
    """`new_comments` and `new_testimonies`, parts of a query with the worker's id in the column `worker`."""
    since = now - TESTIMONY_IS_NEW_FOR
    return {
        "new_comments": new_for_row(worker),
        "new_testimonies": answered_for_row(worker, since=since),
    }


def news_of(worker, *, now):
    """The same of one worker, as a row with both. One query."""
    news = news_for_row('"people_user"."id"', now=now)
    return User.objects.filter(pk=worker.pk).only("pk").annotate(**news).get()
