"""Everybody and every case that the table of access speaks of, made once for all its rows.

A persona is a role in one relation to the case. Each is a set of one name, so that `|` and `-` read well.
"""

from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends.cached_db import SessionStore
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from payroll import letters
from payroll import query_transitions as queries
from payroll import transitions as payroll
from payroll.models import LetterKind
from people.models import User
from people.roles import Role
from portfolios import attachments
from portfolios import transitions as portfolios
from portfolios.models import Attachment
from progression import meeting_transitions as meetings
from progression.models import Application
from progression.states import State
from reviews import reversal_transitions as reversals
from reviews import transitions as reviews
from tests import council, walk
from tests.portfolios.makers import picture, piece_of, said, upload


def _one(name):
    return frozenset({name})


NOBODY = frozenset()
ANONYMOUS = _one("nobody signed in")
LEAVER = _one("leaver, once a head of this service, whose session is still there")
WORKER = _one("worker of the case")
COLLEAGUE = _one("worker in the same team")
OUTSIDE_WORKER = _one("worker of another service")
NEW_STARTER = _one("social worker without a post yet")
MANAGER = _one("manager of the team")
OTHER_MANAGER = _one("manager of another team of the service")
FORMER_MANAGER = _one("manager who returned the case once and moved to another service")
OUTSIDE_MANAGER = _one("manager in another service")
SERVICE_MANAGER = _one("service manager")
HEAD = _one("head of service")
ASSESSING_HEAD = _one("head of service who manages a team herself")
DIRECTOR = _one("assistant director")
PAYROLL = _one("payroll")
PSW = _one("principal social worker")
AUDITOR = _one("auditor")
OUTSIDE_SERVICE_MANAGER = _one("service manager of another service")
OUTSIDE_HEAD = _one("head of another service")
OUTSIDE_DIRECTOR = _one("assistant director of another service")
OUTSIDE_PAYROLL = _one("payroll of another service")
OUTSIDE_PSW = _one("principal social worker of another service")
OUTSIDE_AUDITOR = _one("auditor of another service")
ADMINISTRATOR = _one("administrator")

NOT_SIGNED_IN = ANONYMOUS | LEAVER
SIGNED_IN = (
    WORKER | COLLEAGUE | OUTSIDE_WORKER | NEW_STARTER
    | MANAGER | OTHER_MANAGER | FORMER_MANAGER | OUTSIDE_MANAGER
    | SERVICE_MANAGER | HEAD | ASSESSING_HEAD | DIRECTOR | PAYROLL | PSW | AUDITOR
    | OUTSIDE_SERVICE_MANAGER | OUTSIDE_HEAD | OUTSIDE_DIRECTOR
    | OUTSIDE_PAYROLL | OUTSIDE_PSW | OUTSIDE_AUDITOR
    | ADMINISTRATOR
)  # fmt: skip
EVERYBODY = SIGNED_IN | NOT_SIGNED_IN
WORKERS = WORKER | COLLEAGUE | OUTSIDE_WORKER
MANAGERS = MANAGER | OTHER_MANAGER | FORMER_MANAGER | OUTSIDE_MANAGER
SENIORS = SERVICE_MANAGER | HEAD | ASSESSING_HEAD | DIRECTOR
OUTSIDE_SENIORS = OUTSIDE_SERVICE_MANAGER | OUTSIDE_HEAD | OUTSIDE_DIRECTOR
SEE_CASE = WORKER | MANAGER | SENIORS | AUDITOR
"""Who may know that a case exists, before anybody else has acted on it."""
SEE_RETURNED = SEE_CASE | FORMER_MANAGER
"""The same once a manager has returned it: whoever acts on a case keeps sight of it."""

NEAR_MISSES = COLLEAGUE | OTHER_MANAGER | ANONYMOUS
"""Strangers to the case who come closest to it."""

NOT_BEGUN = "submitted, nobody has begun to assess it"
BEING_ASSESSED = "submitted, the assessment is ready to sign"
NOT_RECOMMENDING = "submitted, the assessment is ready to sign and does not recommend it"
REDBRIDGE_DRAFT = "being built in Redbridge, its review in the diary"
REDBRIDGE_RECOMMENDED = "recommended in Redbridge, by a head of service"
DECLINED_BY_DIRECTOR = "under review, after the assistant director declined it"
NOT_HEARD = "under review, no hearing has been arranged"
LATE = "declined, and the last day to ask for a review has passed"
ASKED_LATE = "declined, and the worker has asked late for a review"
REVERSAL_ASKED = "authorised, and the head of service asks to take it back"
REVERSAL_ASKED_WITH_PAYROLL = "with payroll, and the head of service asks to take it back"
REVERSAL_ASKED_IN_PAY = "in pay, and the head of service asks to take it back"
REDBRIDGE_APPEAL = "appealed in Redbridge, against the word of a head of service"

CONTRACT_ACCEPTED = "with payroll, the new contract accepted"
SENT_BACK = "with payroll, who sent the form back"

KNOW_OF = defaultdict(
    lambda: SEE_RETURNED,
    {
        State.DRAFT: SEE_CASE,
        State.WITHDRAWN: SEE_CASE,
        REDBRIDGE_DRAFT: SEE_CASE - MANAGER,
        REDBRIDGE_RECOMMENDED: SEE_CASE - MANAGER,
        REDBRIDGE_APPEAL: SEE_CASE - MANAGER,
    },
)
"""Who may know of the case of this name. The Redbridge team is its head of service's own."""


class World:
    """The cast and their cases, in a transaction that is rolled back when all rows have been tried."""

    def __init__(self):
        self.now = timezone.now()
        council.with_rules("medway-2010", "redbridge-2013")
        self.place, self.outside = council.organisation(), council.organisation()
        self.files, self._client, self._sessions = [], Client(), {}
        self._people = self._cast()
        self.bases = {}
        for name, made in BASES.items():
            self.bases[name] = made(self).pk
        self._sign_in_all()

    def _cast(self):
        place, outside = self.place, self.outside
        head = council.person(Role.HEAD_OF_SERVICE)
        leaver = council.person(Role.HEAD_OF_SERVICE)
        place.service.officers.add(head, leaver)
        self.redbridge = council.team_of(place.service, head, scheme="redbridge-2013")
        former = council.team_of(outside.service).manager
        pairs = {
            LEAVER: leaver,
            COLLEAGUE: place.colleague,
            OUTSIDE_WORKER: outside.worker,
            NEW_STARTER: council.person(Role.SOCIAL_WORKER),
            MANAGER: place.manager,
            OTHER_MANAGER: place.other_manager,
            FORMER_MANAGER: former,
            OUTSIDE_MANAGER: outside.manager,
            SERVICE_MANAGER: place.service_manager,
            HEAD: place.head,
            ASSESSING_HEAD: head,
            DIRECTOR: place.director,
            PAYROLL: place.payroll,
            PSW: place.psw,
            AUDITOR: place.auditor,
            OUTSIDE_SERVICE_MANAGER: outside.service_manager,
            OUTSIDE_HEAD: outside.head,
            OUTSIDE_DIRECTOR: outside.director,
            OUTSIDE_PAYROLL: outside.payroll,
            OUTSIDE_PSW: outside.psw,
            OUTSIDE_AUDITOR: outside.auditor,
            ADMINISTRATOR: place.administrator,
        }
        return {name: user for (name,), user in pairs.items()}

    def _sign_in_all(self):
        workers = User.objects.filter(applications__isnull=False)
        for user in (*self._people.values(), *workers):
            self._client.force_login(user)
            self._sessions[user.pk] = self._client.cookies["sessionid"].value
            self._client.cookies.clear()
        self._cached = caches[settings.SESSION_CACHE_ALIAS].get_many(
            SessionStore.cache_key_prefix + key for key in self._sessions.values()
        )
        (leaver,) = LEAVER
        self._people[leaver].is_active = False
        self._people[leaver].save()

    def signed_in(self):
        """Put the sessions where they are while people use them: each test begins with an empty cache."""
        caches[settings.SESSION_CACHE_ALIAS].set_many(self._cached)

    def person(self, who, case):
        """The User that the persona named `who` is to this case; None for nobody signed in."""
        (nobody,), (worker,) = ANONYMOUS, WORKER
        if who == nobody:
            return None
        return case.worker if who == worker else self._people[who]

    def session(self, who, case):
        """The session key of that person, or None."""
        user = self.person(who, case)
        return self._sessions[user.pk] if user else None

    def case(self, name):
        """The case called `name`: a base, or walked on from one, which the test's end undoes."""
        if name in self.bases:
            return _whole(self.bases[name])
        before, step = STEPS[name]
        case = self.case(before)
        step(case, now=self.now)
        return _whole(case.pk)

    def file_of(self, name):
        """The Attachment of the case of this name."""
        return Attachment.objects.get(evidence__worker=self.case(name).worker)

    def forget_files(self):
        """Take back from the disk what the database's rollback leaves there."""
        for stored_as in self.files:
            attachments.discard(stored_as)

    def started(self, *, attach=False):
        """A new worker's draft, with every heading shown and perhaps a file."""
        worker = council.social_worker(self.place.team, level=1, spinal_point=35)
        application = walk.started(worker, now=self.now)
        walk.portfolio_filled(application, now=self.now)
        if attach:
            piece = worker.evidence.order_by("pk").first()
            portfolios.attach_file(piece, worker=worker, upload=upload(picture(), "visit.png"), now=self.now)
            self.files.append(piece.attachments.get().stored_as)
            piece_of(worker, fields=said(title="Not used for any heading yet"), now=self.now)
        return application

    def submitted(self, **options):
        """Handed in, returned by a manager who then moves on, and handed in again."""
        team, manager = self.place.team, self.place.manager
        (former,) = FORMER_MANAGER
        team.manager = self._people[former]
        team.save()
        application = walk.submitted(self.started(**options), now=self.now)
        walk.returned(_fresh(application), now=self.now)
        team.manager = manager
        team.save()
        return walk.submitted(_fresh(application), now=self.now)

    def redbridge_draft(self):
        worker = council.social_worker(self.redbridge, level=2)
        application = walk.started(worker, now=self.now)
        meetings.diarise(
            worker,
            actor=self.redbridge.manager,
            starts_at=self.now + timedelta(days=20),
            place="Room 4",
            now=self.now,
        )
        return application

    def redbridge_signed(self, *, recommended):
        worker = council.social_worker(self.redbridge, level=2)
        application = walk.submitted(walk.started(worker, now=self.now), now=self.now)
        return (walk.recommended if recommended else walk.not_recommended)(_fresh(application), now=self.now)


def _whole(pk):
    return Application.objects.select_related("worker", "portfolio", "team", "step").get(pk=pk)


def _fresh(application):
    """As the database has it: its team may have changed hands."""
    return _whole(application.pk)


def _being_assessed(world):
    application = world.submitted()
    walk.assessed(_fresh(application), now=world.now)
    return application


def _with_payroll(world):
    application = walk.recommended(_fresh(world.submitted()), now=world.now)
    application = walk.authorised(_fresh(application), now=world.now)
    return walk.sent_to_payroll(_fresh(application), now=world.now)


BASES = {
    State.DRAFT: lambda world: world.started(attach=True),
    NOT_BEGUN: lambda world: world.submitted(attach=True),
    BEING_ASSESSED: _being_assessed,
    State.SENT_TO_PAYROLL: _with_payroll,
    REDBRIDGE_DRAFT: lambda world: world.redbridge_draft(),
    REDBRIDGE_RECOMMENDED: lambda world: world.redbridge_signed(recommended=True),
    REDBRIDGE_APPEAL: lambda world: walk.under_review(
        _fresh(world.redbridge_signed(recommended=False)), now=world.now
    ),
}


def _signed(application, *, now):
    return reviews.sign(application, actor=council.manager_of(application), now=now, today=now.date())


def _not_recommending(application, *, now):
    assessment = application.assessments.get()
    reviews.save_recommendation(
        assessment,
        actor=council.manager_of(application),
        base_revision=assessment.revision_of("recommendation"),
        recommended=False,
        reasons="Recording is not yet made on time.",
        precis="",
        now=now,
    )


def _declined_by_director(application, *, now):
    """The director may decide in a service manager's stead."""
    director = council.officer_of(application, Role.ASSISTANT_DIRECTOR)
    reviews.decline(application, actor=director, **walk.WHY_NOT, now=now)
    return walk.under_review(_fresh(application), now=now)


def _declined_long_ago(application, *, now):
    return walk.declined(application, now=now - timedelta(days=60))


def _heard_last_week(application, *, now):
    """Asked for so long ago that the hearing is over, and not decided yet."""
    week_ago = now - timedelta(days=7)
    application = walk.under_review(application, now=week_ago)
    walk.heard(application, now=week_ago)
    return application


def _reversal_asked(application, *, now):
    head = council.officer_of(application, Role.HEAD_OF_SERVICE)
    reversals.ask_to_reverse(application, actor=head, reason="Meant for somebody else.", now=now)
    return application


STEPS = {
    State.WITHDRAWN: (State.DRAFT, walk.withdrawn),
    State.RETURNED: (NOT_BEGUN, walk.returned),
    State.RECOMMENDED: (BEING_ASSESSED, _signed),
    NOT_RECOMMENDING: (BEING_ASSESSED, _not_recommending),
    State.NOT_RECOMMENDED: (NOT_RECOMMENDING, _signed),
    State.AUTHORISED: (State.RECOMMENDED, walk.authorised),
    State.DECLINED: (State.RECOMMENDED, walk.declined),
    State.REFUSED: (State.NOT_RECOMMENDED, walk.refused),
    DECLINED_BY_DIRECTOR: (State.RECOMMENDED, _declined_by_director),
    LATE: (State.RECOMMENDED, _declined_long_ago),
    ASKED_LATE: (LATE, walk.asked_late),
    NOT_HEARD: (State.DECLINED, walk.under_review),
    State.UNDER_APPEAL: (State.DECLINED, _heard_last_week),
    REVERSAL_ASKED: (State.AUTHORISED, _reversal_asked),
    REVERSAL_ASKED_WITH_PAYROLL: (State.SENT_TO_PAYROLL, _reversal_asked),
    REVERSAL_ASKED_IN_PAY: (State.IMPLEMENTED, _reversal_asked),
    State.UPHELD: (State.UNDER_APPEAL, walk.upheld),
    State.DISMISSED: (State.UNDER_APPEAL, walk.dismissed),
    State.IMPLEMENTED: (State.SENT_TO_PAYROLL, walk.implemented),
}


def _sent_back(application, *, now):
    form = application.pay_forms.get()
    queries.send_back(form, actor=council.payroll_of(application), reason="The ERN is another’s.", now=now)


STEPS |= {
    CONTRACT_ACCEPTED: (State.SENT_TO_PAYROLL, walk.contract_accepted),
    SENT_BACK: (State.SENT_TO_PAYROLL, _sent_back),
}

CASES = (*BASES, *STEPS)
"""Every state a case may be in, and some by more than one way."""


# Relations that arise while a case goes on: `given` of a row.


def worker_has_a_letter(world, case):
    payroll.issue_letter(_letter(case, to=case.worker, now=world.now), now=world.now)


def worker_has_a_letter_being_made(world, case):
    _letter(case, to=case.worker, now=world.now)


def manager_has_a_letter(world, case):
    payroll.issue_letter(_letter(case, to=case.team.manager, now=world.now), now=world.now)


def _letter(case, *, to, now):
    content = letters.LetterContent(
        **letters.head(case),
        to_name=to.name,
        subject="Your application",
        reference=case.reference,
        dated=now.date(),
        blocks=[("text", "It is decided.")],
        signed_by=(),
    )
    return payroll.open_letter(case, kind=LetterKind.OUTCOME, to=to, content=content, now=now)


def worker_now_manages_the_team(world, case):
    """Promoted in the middle of their own application."""
    _promote(case.worker, Role.TEAM_MANAGER)
    case.team.manager = case.worker
    case.team.save()


def worker_now_heads_the_service(world, case):
    _promote(case.worker, Role.HEAD_OF_SERVICE)
    world.place.service.officers.add(case.worker)


def worker_now_directs_the_service(world, case):
    _promote(case.worker, Role.ASSISTANT_DIRECTOR)
    world.place.service.officers.add(case.worker)


def worker_now_payroll(world, case):
    _promote(case.worker, Role.PAYROLL)
    world.place.service.officers.add(case.worker)


def assessor_now_service_manager(world, case):
    """Whoever assessed the case is promoted before it is decided."""
    _promote(case.assessor, Role.SERVICE_MANAGER)
    world.place.service.officers.add(case.assessor)


def assessor_now_director(world, case):
    _promote(case.assessor, Role.ASSISTANT_DIRECTOR)
    world.place.service.officers.add(case.assessor)


def _promote(user, role):
    user.role = role
    user.save()
