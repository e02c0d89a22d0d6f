"""*When* a case may move: what is missing, what blocks. Checklist, guard and message all ask here."""

from django.utils import timezone
from django.utils.formats import date_format

from competencies import selectors as competencies
from people.policies import Blocked
from portfolios import policies as portfolios
from progression.models import Application
from progression.states import OPEN


def already_moved(application):
    """The sentence for somebody whose move came after another's: who moved the case, and when."""
    last = application.events.select_related("actor").exclude(to_state="").last()
    who = last.actor.name if last and last.actor else "The service"
    at = timezone.localtime(application.state_since)
    return (
        f"{who} moved this application on {date_format(at, 'j F Y')} at {date_format(at, 'g:ia').replace('.', '')}. "
        f"It is now: {application.stage.staff_see.lower()}."
    )


def blocks_on_starting(worker, *, today):
    """Sentences, each a reason why this worker cannot start an application today. R1."""
    post = worker.post
    if Application.objects.filter(worker=worker, state__in=OPEN).exists():
        return ["You already have an application open. Finish it or withdraw it first."]
    scheme = competencies.current_scheme(post.team.scheme_code, today=today)
    if competencies.step_from(scheme, post.level) is None:
        return ["You are at the highest level of this scheme."]
    return []


def missing_before_submission(application, *, today):
    """Sentences, each a thing that blocks handing in the portfolio today. R1, R7, R10."""
    missing = [item.sentence for item in portfolios.missing_before_submission(application.portfolio)]
    return missing + _gates(application, kind="must", today=today)


def warnings_before_submission(application, *, today):
    """Sentences, each a thing expected but not required. R7, R11."""
    return portfolios.warnings_before_submission(application.portfolio) + _gates(
        application, kind="expected", today=today
    )


def check_startable(worker, *, today):
    if blocks := blocks_on_starting(worker, today=today):
        raise Blocked(blocks)


def check_submittable(application, *, today):
    if missing := missing_before_submission(application, today=today):
        raise Blocked(missing)
