"""The pages of sharing and progress: what they say, what they hide, and what they cost. R40."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people.models import AuditEntry
from portfolios import self_assessment_selectors as self_assessment
from portfolios import sharing_transitions as sharing
from portfolios import supervision_transitions as supervision
from portfolios import transitions as portfolios
from portfolios.models import Comment, Evidence, Sharing, Stand
from portfolios.selectors import aim_of
from portfolios.self_assessment_transitions import say_where_you_stand
from tests import standing_in, walk
from tests.council import organisation, social_worker, with_rules
from tests.portfolios.makers import headings_of, pdf_file, piece_of, said, upload
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db
SECRET = "Visit to the school on Elm Road"
WORDS = "I met her alone before the group met."


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def place():
    with_rules("medway-2010")
    return organisation()


def read(client, user, address, status=200):
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code)
    return " ".join(response.text.split())


def team(place, more="progress/"):
    return f"/team/{place.worker.pk}/{more}"


def row(page, heading):
    """What the table says of one heading."""
    cells = re.search(rf">{heading}</th>(.*?)</tr>", page)[1]
    return re.sub(r"<[^>]+>", " ", cells).split()


class TestProgress:
    def test_of_a_portfolio_in_the_making(self, client, place, now):
        draft = application_at(State.DRAFT, worker=place.worker, now=now)
        recording, assessments, *_ = headings_of(draft.portfolio)
        for _ in range(2):
            piece_of(place.worker, draft.portfolio, [recording], now=now)
        piece_of(place.worker, draft.portfolio, [recording, assessments], as_draft=True, now=now)
        piece_of(place.worker, now=now)
        heading = self_assessment.heading_of(draft.step, "recording")
        answers = {heading.criteria[0].pk: (Stand.NOT_YET, "")}
        say_where_you_stand(
            place.worker, actor=place.worker, heading=heading, answers=answers, seen=0, now=now
        )
        page = read(client, place.manager, team(place))
        assert row(page, "Recording") == "2 of about 3 1 1 of 5".split()
        assert row(page, "Assessments") == "0 of about 3 Draft only 1 0 of 11".split()
        assert row(page, "Diversity and equality")[:3] == ["Not", "asked", "for"]
        assert "3 finished, 1 draft" in page and "1 of 110 criteria answered" in page
        assert "19 headings have no finished example yet, and 1 has fewer" in page
        assert "Counted in the portfolio that they are building" in page

    def test_from_the_first_day_without_any_application(self, client, place, now):
        page = read(client, place.manager, team(place))
        assert "Not begun" in page and "20 headings have no finished example yet" in page
        aim = aim_of(place.worker, today=timezone.localdate(now))
        recording = next(one.competency for one in aim.evidenced if one.competency.code == "recording")
        portfolios.save_evidence(
            None, worker=place.worker, aim=aim, fields=said(), competencies=[recording], now=now
        )
        page = read(client, place.manager, team(place))
        assert row(page, "Recording")[:4] == ["1", "of", "about", "3"]
        assert "No portfolio is open" in page

    def test_never_a_word_nor_a_title_of_what_is_not_shared(self, client, place, now):
        """The whole page, and every page that the manager has of the worker."""
        draft = application_at(State.DRAFT, worker=place.worker, now=now)
        for as_draft in (True, False):
            fields = said(title=SECRET, what_i_did=WORDS)
            piece_of(
                place.worker, draft.portfolio, headings_of(draft.portfolio), fields=fields, as_draft=as_draft
            )
        heading = self_assessment.heading_of(draft.step, "recording")
        answers = {heading.criteria[0].pk: (Stand.NOT_YET, WORDS)}
        say_where_you_stand(
            place.worker, actor=place.worker, heading=heading, answers=answers, seen=0, now=now
        )
        for address in (team(place), team(place, "development/"), "/team/", "/", team(place, "")):
            page = read(client, place.manager, address)
            assert SECRET not in page and WORDS not in page and "Not yet" not in page

    def test_priorities_and_plan_with_what_is_overdue(self, client, place, now):
        today = timezone.localdate(now)
        by = {"actor": place.manager, "today": today}
        supervision.agree_priority(place.worker, **by, text="Court work", review_on=today)
        late = today - timedelta(days=3)
        supervision.plan_action(
            place.worker, **by, action="Shadow a hearing", competency=None, by_when=late, now=now
        )
        page = read(client, place.manager, team(place))
        assert "Court work" in page and "Shadow a hearing" in page and page.count("Overdue") == 1

    def test_at_the_highest_level(self, client, place):
        place.worker.post.level = 3
        place.worker.post.save()
        assert "has no step ahead" in read(client, place.manager, team(place))

    def test_the_team_page_has_the_way_to_it_but_not_across_a_conflict(self, client, place, now):
        piece = piece_of(place.worker, now=now)
        sharing.share(piece, actor=place.worker, now=now)
        sharing.comment(
            piece, actor=place.worker, text="Is it enough?", key=uuid.uuid4(), now=now, today=now.date()
        )
        page = read(client, place.manager, "/team/")
        assert f'href="{team(place)}"' in page and "1 finished<span" in page and "1 new comment" in page
        assert "1 new comment" in read(client, place.manager, "/")
        standing_in.tied(place.manager, place.worker)
        page = read(client, place.manager, "/team/")
        assert team(place) not in page and "a conflict of interest is declared" in page
        assert team(place) not in read(client, place.manager, team(place, "development/"))
        assert team(place) not in read(client, place.manager, team(place, ""))


class TestASharedPiece:
    def test_it_is_read_in_full_with_its_files_and_that_is_noted(self, client, place, now):
        piece = piece_of(place.worker, fields=said(title=SECRET, what_i_did=WORDS), now=now)
        file = portfolios.attach_file(piece, worker=place.worker, upload=upload(pdf_file("x")), now=now)
        sharing.share(piece, actor=place.worker, now=now)
        assert SECRET in read(client, place.manager, team(place))
        address = team(place, f"evidence/{piece.pk}/")
        page = read(client, place.manager, address)
        assert SECRET in page and WORDS in page and file.name in page
        noted = AuditEntry.objects.filter(kind=AuditEntry.Kind.READ, thing="portfolios_evidence")
        assert noted.get().people == [place.worker.pk] and WORDS not in str(noted.values())
        client.force_login(place.manager)
        assert client.get(f"{address}attachments/{file.token}/").status_code == 200
        reads = AuditEntry.objects.filter(kind=AuditEntry.Kind.READ, people=[place.worker.pk])
        assert list(reads.order_by("id").values_list("thing", "words")) == [
            ("people_user", "their progress"),
            ("portfolios_evidence", ""),
            ("portfolios_attachment", ""),
        ]

    def test_the_worker_is_told_while_they_write(self, client, place, now):
        piece = piece_of(place.worker, now=now)
        told = f"You share this with {place.manager.name}"
        assert told not in read(client, place.worker, f"/evidence/{piece.pk}/edit/")
        sharing.share(piece, actor=place.worker, now=now)
        assert told in read(client, place.worker, f"/evidence/{piece.pk}/edit/")
        assert ">Shared</div>" in read(client, place.worker, "/evidence/")


class TestQueries:
    def counted(self, client, user, address):
        read(client, user, address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    def test_progress_and_threads_cost_the_same_with_much_as_with_little(self, client, place, now):
        draft = application_at(State.DRAFT, worker=place.worker, now=now)
        piece = piece_of(place.worker, draft.portfolio, headings_of(draft.portfolio), now=now)
        sharing.share(piece, actor=place.worker, now=now)
        counts = []
        for _ in range(2):
            counts.append(
                [
                    self.counted(client, place.manager, team(place)),
                    self.counted(client, place.manager, team(place, f"evidence/{piece.pk}/")),
                    self.counted(client, place.worker, f"/evidence/{piece.pk}/comments/"),
                    self.counted(client, place.worker, "/evidence/sharing/"),
                ]
            )
            many = Evidence.objects.bulk_create(
                Evidence(worker=place.worker, title=str(one), created_at=now, updated_at=now)
                for one in range(200)
            )
            Sharing.objects.bulk_create(
                Sharing(evidence=one, shared_with=place.manager, shared_at=now) for one in many
            )
            Comment.objects.bulk_create(
                Comment(evidence=piece, author=author, text="x", written_at=now)
                for author in (place.worker, place.manager) * 20
            )
        assert counts[0] == counts[1] and max(counts[0]) <= 16, counts

    def test_the_team_page_costs_6_with_1_6_and_30_workers(self, client, place, now):
        counts = []
        for more in (0, 5, 24):
            for _ in range(more):
                walk.started(social_worker(place.team), now=now)
            counts.append(self.counted(client, place.manager, "/team/"))
        assert counts[0] == counts[1] == counts[2] <= 6, counts
