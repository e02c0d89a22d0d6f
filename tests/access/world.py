"""Everybody and every case that the table of access speaks of, made once for all its rows."""

import time
from datetime import timedelta

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.contrib.sessions.backends.cached_db import SessionStore
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from payroll import query_transitions as queries
from people import sessions
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
from tests.access.cast import (
    ADMINISTRATOR,
    ANONYMOUS,
    ASKED_LATE,
    ASSESSING_HEAD,
    AUDITOR,
    BEING_ASSESSED,
    COLLEAGUE,
    CONTRACT_ACCEPTED,
    DECLINED_BY_DIRECTOR,
    DIRECTOR,
    FORMER_MANAGER,
    HEAD,
    LATE,
    LEAVER,
    MANAGER,
    NEW_STARTER,
    NOT_BEGUN,
    NOT_HEARD,
    NOT_RECOMMENDING,
    OTHER_MANAGER,
    OUTSIDE_AUDITOR,
    OUTSIDE_DIRECTOR,
    OUTSIDE_HEAD,
    OUTSIDE_MANAGER,
    OUTSIDE_PAYROLL,
    OUTSIDE_PSW,
    OUTSIDE_SERVICE_MANAGER,
    OUTSIDE_WORKER,
    PAYROLL,
    PSW,
    REDBRIDGE_APPEAL,
    REDBRIDGE_DRAFT,
    REDBRIDGE_RECOMMENDED,
    REVERSAL_ASKED,
    REVERSAL_ASKED_IN_PAY,
    REVERSAL_ASKED_WITH_PAYROLL,
    SENT_BACK,
    SERVICE_MANAGER,
    WORKER,
)
from tests.portfolios.makers import picture, piece_of, said, upload


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
        """Put the sessions where they are while people use them: each test begins with an empty cache.

        Everybody has signed in a moment ago, however long this world has stood.
        """
        now = time.time()
        for session in self._cached.values():
            session |= {sessions.STARTED: now, sessions.SEEN: now}
            for step in session[AUTHENTICATION_METHODS_SESSION_KEY]:
                step["at"] = now
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
