"""*Who* may do what to a case. Each check raises NotAllowed with the sentence for the screen."""

from people.permissions import NotAllowed, allowed
from people.roles import Role, at_least
from progression.states import DECIDED, Owner, State

SEE_WHOLE_SERVICE = (Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE, Role.ASSISTANT_DIRECTOR, Role.AUDITOR)
"""Roles that see every case of the services whose officers they are."""


def check_is_worker(user, application):
    """Only the worker whose case it is."""
    if application.worker_id != user.pk:
        raise NotAllowed("Only the social worker whose application this is can do that.")


def is_worker(user, application):
    return allowed(check_is_worker, user, application)


def check_can_start(user):
    """Only a social worker with a post has a level to progress from."""
    if user.role != Role.SOCIAL_WORKER or not hasattr(user, "post"):
        raise NotAllowed("Only a social worker in post can apply to progress.")


def check_can_assess(user, application):
    """The manager of the worker's team, and never the worker. R9."""
    if application.worker_id == user.pk:
        raise NotAllowed("You cannot assess your own application.")
    if application.team.manager_id != user.pk:
        raise NotAllowed("Only the manager of this team can assess this application.")


def check_can_authorise(user, application):
    """An officer of the service, at the scheme's rank or above; not the worker nor the assessor. R15, R29."""
    if user.pk in (application.worker_id, application.assessor_id):
        raise NotAllowed("You cannot decide on an application that is your own or that you assessed.")
    rank = application.scheme.rules.decision.authorised_by
    if not at_least(user.role, rank):
        raise NotAllowed(
            f"Only a {Role(rank).label.lower()} or someone more senior can decide on this application."
        )
    if not _is_officer(user, application):
        raise NotAllowed("Only a senior manager of this service can decide on this application.")


def check_can_hear_review(user, application):
    """The officer of the service whom the scheme names, and who did not assess the case. R19, R32.

    Nor one who refused it, unless the scheme itself gives decision and review to the same office.
    """
    rules = application.scheme.rules
    if user.pk in (application.worker_id, application.assessor_id):
        raise NotAllowed("You cannot hear a review of an application that is your own or that you assessed.")
    if user.role != rules.appeal.heard_by or not _is_officer(user, application):
        raise NotAllowed("Only the person whom the scheme names can hear this review.")
    if rules.appeal.heard_by != rules.decision.authorised_by and _refused(user, application):
        raise NotAllowed("You made the decision, so somebody else must hear the review.")


def check_is_payroll(user, application):
    """HR and payroll of the service."""
    if user.role != Role.PAYROLL or not _is_officer(user, application):
        raise NotAllowed("Only HR and payroll of this service can do that.")


def _is_officer(user, application):
    return user.services.filter(pk=application.team.service_id).exists()


def _refused(user, application):
    return application.events.filter(actor=user, to_state__in=(State.DECLINED, State.REFUSED)).exists()


_CHECK_OF_OWNER = {
    Owner.WORKER: check_is_worker,
    Owner.MANAGER: check_can_assess,
    Owner.AUTHORISER: check_can_authorise,
    Owner.HEARER: check_can_hear_review,
    Owner.PAYROLL: check_is_payroll,
}


def acts_next(user, application):
    """Whether the state's owner, who acts next, is this person."""
    check = _CHECK_OF_OWNER.get(application.stage.owner)
    return check is not None and allowed(check, user, application)


def can_start(user):
    return allowed(check_can_start, user)


def can_assess(user, application):
    return allowed(check_can_assess, user, application)


def can_authorise(user, application):
    return allowed(check_can_authorise, user, application)


def can_hear_review(user, application):
    return allowed(check_can_hear_review, user, application)


def check_can_read_findings(user, application):
    """Everybody who sees the case, but the worker only once the outcome is theirs to know. R18.

    A manager's findings and reasons reach the worker with the decision, in the written statement.
    """
    if user.pk == application.worker_id and application.state not in DECIDED:
        raise NotAllowed("You can read your manager's findings once your application has been decided.")


def can_read_reason(user, application, event):
    """Whether this line of the timeline shows this person its reason. R14."""
    return event.to_state != State.NOT_RECOMMENDED or allowed(check_can_read_findings, user, application)


def check_manages_team(user):
    """The manager of a team."""
    if not user.teams_managed.exists():
        raise NotAllowed("Only a team manager has a list of their team.")


def check_reads_workers(user):
    """Those whose post shows them the cases of a whole service."""
    if user.role not in SEE_WHOLE_SERVICE:
        raise NotAllowed("Only senior managers and auditors of a service can see this list.")


def check_reads_figures(user):
    """The principal social worker, and those who see the cases that the figures count. R33."""
    if user.role not in (*SEE_WHOLE_SERVICE, Role.PRINCIPAL_SOCIAL_WORKER):
        raise NotAllowed("Only the principal social worker and senior managers can see the figures.")
