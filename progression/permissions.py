"""*Who* may do what to a case. Each check raises NotAllowed with the sentence for the screen."""

from people.permissions import NotAllowed, allowed
from people.roles import Role, at_least
from progression.states import Owner


def check_is_worker(user, application):
    """Only the worker whose case it is."""
    if application.worker_id != user.pk:
        raise NotAllowed("Only the social worker whose application this is can do that.")


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
    """The officer of the service whom the scheme names to hear it. R19, R32."""
    if user.pk == application.worker_id:
        raise NotAllowed("You cannot hear a review of your own application.")
    if user.role != application.scheme.rules.appeal.heard_by or not _is_officer(user, application):
        raise NotAllowed("Only the person whom the scheme names can hear this review.")


def check_is_payroll(user, application):
    """HR and payroll of the service."""
    if user.role != Role.PAYROLL or not _is_officer(user, application):
        raise NotAllowed("Only HR and payroll of this service can do that.")


def _is_officer(user, application):
    return user.services.filter(pk=application.team.service_id).exists()


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
