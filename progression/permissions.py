"""*Who* may do what to a case. Each check raises NotAllowed with the sentence for the screen."""

from people.permissions import NotAllowed, allowed
from people.roles import Role, at_least
from progression import judges
from progression.models import Capacity
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
    """The manager of the worker's team, or whoever has it from them; never the worker. R9.

    Returns whom they stand in for, or None where they act in their own right; so do the two below.
    """
    if application.worker_id == user.pk:
        raise NotAllowed("You cannot assess your own application.")
    if application.team.manager_id != user.pk and not at_least(user.role, Role.TEAM_MANAGER):
        raise NotAllowed(_ONLY[Capacity.ASSESSOR])
    return _check_judges(user, application, Capacity.ASSESSOR, _ONLY[Capacity.ASSESSOR])


def check_can_authorise(user, application):
    """An officer of the service, at the scheme's rank or above; not the worker nor the assessor. R15, R29."""
    if user.pk in (application.worker_id, application.assessor_id):
        raise NotAllowed("You cannot decide on an application that is your own or that you assessed.")
    rank = application.scheme.rules.decision.authorised_by
    if not at_least(user.role, rank):
        raise NotAllowed(
            f"Only a {Role(rank).label.lower()} or someone more senior can decide on this application."
        )
    return _check_judges(user, application, Capacity.AUTHORISER, _ONLY[Capacity.AUTHORISER])


def check_can_hear_review(user, application):
    """The officer of the service whom the scheme names, and who did not assess the case. R19, R32.

    Nor one who refused it, unless the scheme itself gives decision and review to the same office.
    """
    if user.pk in (application.worker_id, application.assessor_id):
        raise NotAllowed("You cannot hear a review of an application that is your own or that you assessed.")
    if not at_least(user.role, application.scheme.rules.appeal.heard_by):
        raise NotAllowed(_ONLY[Capacity.HEARER])
    return _check_judges(user, application, Capacity.HEARER, _ONLY[Capacity.HEARER])


_ONLY = {
    Capacity.ASSESSOR: "Only the manager of this team can assess this application.",
    Capacity.AUTHORISER: "Only a senior manager of this service can decide on this application.",
    Capacity.HEARER: "Only the person whom the scheme names can hear this review.",
}
_BARRED = {
    "worker": "You cannot judge your own application.",
    "assessor": "You assessed this application, or it was assessed in your name, so somebody else decides.",
    "decided": "You made the decision, so somebody else must hear the review.",
    "recused": "You stepped back from this application, so somebody else judges it.",
    "conflict": (
        "A conflict of interest between you and this social worker is declared, so somebody else must "
        "judge this application."
    ),
    "line_manager": "This social worker is your line manager, so somebody else must judge this application.",
}
"""What somebody with the right is told who is barred, by what bars them."""


def _check_judges(user, application, capacity, nobody):
    """Raise NotAllowed unless this person may judge the case. Returns whom they stand in for, or None."""
    mine = [
        judge
        for judge in judges.judges_of(application, capacity)
        if judge.person.pk == user.pk and judge.how != "overseer"
    ]
    if not mine:
        raise NotAllowed(nobody)
    free = [judge for judge in mine if judge.is_free]
    if not free:
        raise NotAllowed(_why_barred(mine[0]))
    # Their own right before somebody else's.
    return min(free, key=lambda judge: judge.stands_in_for is not None).stands_in_for


def _why_barred(judge):
    if judge.bars_principal:
        return (
            f"You stand in for {judge.stands_in_for.name}, who may not judge this application: "
            "nor can you in their place."
        )
    return _BARRED[judge.bar]


def stands_in_for(user, application, capacity):
    """The User for whom this person would judge the case, or None in their own right, or without one."""
    try:
        return _CHECK_OF_CAPACITY[capacity](user, application)
    except NotAllowed:
        return None


def check_can_step_back(user, application):
    """Whoever may judge the case now, or could but for a bar; and the seniors over a manager. Not its worker.

    Returns the Judge that they are.
    """
    capacity = judges.CAPACITY_OF_OWNER.get(application.stage.owner)
    if capacity is None or application.worker_id == user.pk or not _might_judge(user, application):
        raise NotAllowed("You do not judge this application, so you have nothing to hand over.")
    mine = [
        judge
        for judge in judges.judges_of(application, capacity)
        if judge.person.pk == user.pk and judge.may_hand_over
    ]
    if not mine:
        raise NotAllowed("You do not judge this application, so you have nothing to hand over.")
    return min(mine, key=lambda judge: (judge.how == "overseer", judge.stands_in_for is not None))


def _might_judge(user, application):
    """Whether it is worth asking: nobody below the line of managers judges."""
    return application.team.manager_id == user.pk or at_least(user.role, Role.TEAM_MANAGER)


def check_can_answer_payroll(user, application):
    """The manager of the worker's team, or whoever has it from them, and who authorised. R13.

    Returns whom they stand in for, or None.
    """
    if user.pk == application.authoriser_id:
        return None
    try:
        return check_can_assess(user, application)
    except NotAllowed:
        raise NotAllowed(
            "Only the team manager, or whoever authorised the progression, can answer payroll."
        ) from None


def check_is_payroll(user, application):
    """HR and payroll of the service."""
    if user.role != Role.PAYROLL or not _is_officer(user, application):
        raise NotAllowed("Only HR and payroll of this service can do that.")


def _is_officer(user, application):
    return user.services.filter(pk=application.team.service_id).exists()


_CHECK_OF_CAPACITY = {
    Capacity.ASSESSOR: check_can_assess,
    Capacity.AUTHORISER: check_can_authorise,
    Capacity.HEARER: check_can_hear_review,
}


def acts_next(user, application):
    """Whether the case waits for this person: to act on it, or, where nobody may judge it, to pass it on."""
    owner = application.stage.owner
    if owner in (Owner.WORKER, Owner.PAYROLL):
        return allowed(check_is_worker if owner == Owner.WORKER else check_is_payroll, user, application)
    capacity = judges.CAPACITY_OF_OWNER.get(owner)
    if capacity is None or not _might_judge(user, application):
        return False
    return user.pk in judges.who_is_able(judges.judges_of(application, capacity))


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


HAND_OVERS = ("stepped_back", "handed_over")
"""What the history calls it when somebody else is to judge the case."""


def can_read_reason(user, application, event):
    """Whether this line of the timeline shows this person its reason. R14.

    Why somebody stepped back may be private: the worker is not told.
    """
    if event.verb in HAND_OVERS and user.pk == application.worker_id:
        return False
    return event.to_state != State.NOT_RECOMMENDED or allowed(check_can_read_findings, user, application)


def check_manages_team(user):
    """The manager of a team."""
    if not user.teams_managed.exists():
        raise NotAllowed("Only a team manager has a list of their team.")


def check_reads_workers(user):
    """Those whose post shows them the cases of a whole service."""
    if user.role not in SEE_WHOLE_SERVICE:
        raise NotAllowed("Only senior managers and auditors of a service can see this list.")


def check_reads_audit(user):
    """An auditor, of what concerns the services they act for."""
    if user.role != Role.AUDITOR:
        raise NotAllowed("Only auditors can read the audit.")


def check_reads_figures(user):
    """The principal social worker, and those who see the cases that the figures count. R33."""
    if user.role not in (*SEE_WHOLE_SERVICE, Role.PRINCIPAL_SOCIAL_WORKER):
        raise NotAllowed("Only the principal social worker and senior managers can see the figures.")
