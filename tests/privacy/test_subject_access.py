"""Everything about one person, as a file: whole, theirs, and in nobody else's hands."""

import io
import json
import re
import time
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from django.utils.text import slugify

from people import acting, audit, subject_access, tasks
from people.models import AuditEntry, DataExport
from people.personal import about_people
from people.roles import Role
from people.sign_in_models import AccountLetter
from portfolios.models import NameToWatch
from reviews.models import Finding
from tests.built_once import built_once
from tests.council import NOW, organisation, person
from tests.portfolios.makers import piece_of, said
from tests.reading import text
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db
OWN, OTHERS = "/you/data/", "/data-about-a-person/"


built, case = built_once(lambda: application_at(State.IMPLEMENTED))


def administrator_of(service):
    made = person(Role.ADMINISTRATOR)
    service.officers.add(made)
    return made


def exported(whom):
    made = io.BytesIO()
    subject_access.write(whom, made, now=NOW)
    archive = zipfile.ZipFile(made)
    return {name: archive.read(name) for name in archive.namelist()}


class TestWhatIsInIt:
    def test_every_table_that_has_a_row_of_theirs(self, case):
        files = exported(case.worker)
        for one in about_people():
            rows = subject_access._found(one, case.worker, one.of) if one.of else ()
            if len(rows):
                told = json.loads(files[f"{subject_access.slug_of(one)}.json"])
                assert len(told["about you"]) == len(set(rows)), one.model

    def test_what_they_wrote_and_what_was_written_of_them(self, case):
        NameToWatch.objects.create(worker=case.worker, name="Marlowe", added_at=NOW)
        files = exported(case.worker)
        whole = b"".join(files.values()).decode(errors="replace")
        for words in (
            "I saw the child alone and listened before I asked.",
            "Seen in supervision and in the case record.",
            "Marlowe",
            case.worker.email,
            case.worker.post.ern,
            case.team.manager.name,
        ):
            assert words in whole, words
        issued = [body for name, body in files.items() if name.startswith("files/forms-and-letters")]
        assert b"%PDF" in b"".join(issued)

    def test_other_peoples_addresses_are_not(self, case):
        title = f"Written with {case.team.manager.email}, to {case.worker.email}"
        piece_of(case.worker, fields=said(title=title))
        whole = b"".join(exported(case.worker).values()).decode(errors="replace")
        assert case.team.manager.email not in whole and "Written with (an email address), to" in whole

    def test_nor_a_password_or_a_secret(self, case):
        whole = b"".join(exported(case.worker).values()).decode(errors="replace")
        assert case.worker.password not in whole

    def test_what_somebody_did_in_others_cases_is_a_date_and_a_kind(self, case):
        files = exported(case.team.manager)
        told = json.loads(files["assessments.json"])
        assert told["about you"] == []
        assert [set(line) for line in told["what you did"]] == [{"What", "Number", "When"}]
        assert told["what you did"][0]["What"] == "Assessed by you"
        whole = b"".join(files.values()).decode(errors="replace")
        assert "Seen in supervision" not in whole and "I saw the child alone" not in whole

    def test_nothing_of_a_colleague(self, case):
        other = application_at(State.SUBMITTED)
        piece_of(other.worker, fields=said(title="Quite another visit"))
        whole = b"".join(exported(case.worker).values()).decode(errors="replace")
        assert "Quite another visit" not in whole and other.worker.name not in whole

    def test_criteria_and_people_by_name_and_choices_in_words(self, case):
        files = exported(case.worker)
        finding = json.loads(files["what-was-found-on-each-criterion.json"])["about you"][0]
        assert finding["Criterion"] == Finding.objects.get(pk=finding["Number"]).criterion.text
        told = json.loads(files["applications.json"])["about you"][0]
        assert told["Assessor"] == case.team.manager.name and told["State"] == "In pay"
        assert json.loads(files["your-account.json"])["about you"][0]["Role"] == "Social worker"

    @pytest.mark.parametrize("unit", ["a", "a.", "x@a-", "é"])
    def test_no_text_takes_long(self, case, unit):
        began = time.process_time()
        subject_access._without_addresses(unit * 20_000, case.worker)
        assert time.process_time() - began < 1

    def test_the_index_is_plain(self, case):
        piece_of(case.worker, fields=said(title="<script>alert(1)</script>"))
        with acting.acting(acting.Acting("tests", case.team.manager.pk)):
            audit.note_read(case, about=[case.worker.pk])
        page = exported(case.worker)["index.html"].decode()
        assert "<script" not in page and "&lt;script&gt;" in page and "<h1>Everything about" in page
        last = page.index("<h2>Who changed and read what</h2>")
        assert f"<dt>Actor</dt><dd>{case.team.manager.name}</dd>" in page[last:]
        assert page.index("<h2>Evidence</h2>") < last

    def test_the_index_speaks_in_plain_words(self, case):
        page = exported(case.worker)["index.html"].decode()
        tables = {one.table._meta.db_table for one in about_people()}
        assert not [name for name in tables if name in page]
        assert not re.search(r"<dt>(ID|Sha256|Stored as|Token|Key|Try at|Attempts|Last fault)</dt>", page)
        assert (
            "<dt>What I did</dt>" in page and "<dt>Worker</dt>" not in page and "<dt>Fields</dt>" not in page
        )
        assert "<dt>Number</dt>" in page and "<h2>What happened in applications</h2>" in page

    def test_each_table_and_each_act_has_words_of_its_own(self):
        called = [one.called for one in about_people()]
        assert len(set(map(slugify, called))) == len(called)
        assert not [one for one in called if "_" in one or "-user" in one or "relationship" in one]
        acts = {lookup for one in about_people() for lookup in one.by}
        words = {lookup: subject_access.done_by(lookup) for lookup in acts}
        assert not [one for one in acts if one not in subject_access.ACTS and not one.endswith("_by")]
        assert words["decided_by"] == "Decided by you"


class TestTheirOwn:
    def test_asked_for_made_downloaded_and_swept(self, case, client):
        client.force_login(case.worker)
        assert client.post(OWN, follow=True).status_code == 200
        assert "It is being put together" in text(client.get(OWN))
        tasks.make_exports()
        export = DataExport.objects.get()
        assert "Download" in text(client.get(OWN))
        taken = client.post(f"{OWN}{export.pk}/")
        content = b"".join(taken.streaming_content)
        assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
        assert taken["Content-Disposition"] == 'attachment; filename="personal-data.zip"'
        entry = AuditEntry.objects.filter(kind="read", thing="people_dataexport").latest("id")
        assert (entry.actor, entry.people) == (case.worker.pk, [case.worker.pk])
        DataExport.objects.update(made_at=timezone.now() - timedelta(days=7, minutes=1))
        tasks.make_exports()
        assert DataExport.objects.get(pk=export.pk).stored_as == ""
        assert not default_storage.exists(export.stored_as)
        assert client.post(f"{OWN}{export.pk}/").status_code == 404
        assert "Asked for" not in text(client.get(OWN))

    def test_asked_for_twice_is_once(self, case, client):
        client.force_login(case.worker)
        client.post(OWN)
        client.post(OWN)
        assert DataExport.objects.count() == 1

    def test_one_that_cannot_be_made_holds_up_no_other(self, case, monkeypatch):
        for whom in (case.worker, case.team.manager):
            DataExport.objects.create(person=whom, asked_by=whom, asked_at=NOW, try_at=NOW)
        write = subject_access.write

        def full(whom, *args, **kwargs):
            if whom == case.worker:
                raise OSError(28, "No space left")
            return write(whom, *args, **kwargs)

        monkeypatch.setattr(subject_access, "write", full)
        tasks.make_exports()
        assert DataExport.objects.get(person=case.worker).last_fault == "OSError"
        assert DataExport.objects.get(person=case.team.manager).made_at


class TestWhoElse:
    """Near misses: nobody but whoever asked, and of administrators only the council's own."""

    def made(self, whom, asked_by):
        name = default_storage.save("00/export", ContentFile(b"PK"))
        return DataExport.objects.create(
            person=whom,
            asked_by=asked_by,
            why="" if whom == asked_by else "A request",
            asked_at=NOW,
            try_at=NOW,
            made_at=timezone.now(),
            stored_as=name,
            sha256="0" * 64,
        )

    def test_nobody_else_downloads_it(self, case, client):
        export = self.made(case.worker, case.worker)
        place = case.team.service
        others = [case.team.manager, administrator_of(place), *place.officers.all()]
        for other in others:
            client.force_login(other)
            assert client.post(f"{OWN}{export.pk}/").status_code == 404, other.role
        client.force_login(case.worker)
        assert client.post(f"{OWN}{export.pk}/").status_code == 200

    def test_an_administrator_says_why_and_has_it(self, case, client):
        administrator = administrator_of(case.team.service)
        client.force_login(administrator)
        asked = {"email": case.worker.email.upper(), "why": ""}
        assert "Say why you ask" in text(client.post(OTHERS, asked))
        assert not AccountLetter.objects.exists()
        assert client.post(OTHERS, asked | {"why": "Request of 3 March"}).status_code == 302
        letter = AccountLetter.objects.get()
        assert (letter.email, letter.kind) == (case.worker.email, "data_asked_for")
        tasks.make_exports()
        export = DataExport.objects.get(person=case.worker, asked_by=administrator, why="Request of 3 March")
        assert client.post(f"{OWN}{export.pk}/").status_code == 200
        client.force_login(case.worker)
        assert client.post(f"{OWN}{export.pk}/").status_code == 404

    def test_another_councils_neither_asks_nor_downloads(self, case, client):
        elsewhere = organisation().service
        elsewhere.council = "Elsewhere Council"
        elsewhere.save()
        administrator = administrator_of(elsewhere)
        client.force_login(administrator)
        page = text(client.post(OTHERS, {"email": case.worker.email, "why": "A request"}))
        assert "Nobody of your council has this email address" in page and not DataExport.objects.exists()
        export = self.made(case.worker, administrator)
        assert client.post(f"{OWN}{export.pk}/").status_code == 403

    def test_one_of_no_council_asks_for_nobody(self, case, client):
        client.force_login(person(Role.ADMINISTRATOR))
        assert "Nobody of your council" in text(client.post(OTHERS, {"email": case.worker.email, "why": "x"}))

    def test_no_longer_an_administrator(self, case, client):
        administrator = administrator_of(case.team.service)
        export = self.made(case.worker, administrator)
        administrator.role = Role.AUDITOR
        administrator.save()
        client.force_login(administrator)
        assert client.post(f"{OWN}{export.pk}/").status_code == 403


def test_an_administrator_of_a_service_sees_no_case_of_it(case, client):
    client.force_login(administrator_of(case.team.service))
    assert client.get(f"/applications/{case.reference}/").status_code == 404
    assert client.get("/workers/").status_code == 403


def test_the_command_writes_the_file_and_notes_it(case, tmp_path):
    target = tmp_path / "all.zip"
    call_command("subject_access", case.worker.email, str(target), verbosity=0)
    assert "index.html" in zipfile.ZipFile(target).namelist()
    assert AuditEntry.objects.filter(kind="read", people=[case.worker.pk], words__contains="command").exists()
