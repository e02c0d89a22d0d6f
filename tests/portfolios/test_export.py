"""Everything that is one's own as a ZIP, and back: the second export says what the first said. R7."""

import hashlib
import io
import json
import uuid

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.urls import reverse

from portfolios import family_data_selectors as family_data
from portfolios import pack_transitions, transitions
from portfolios import supervision_transitions as supervision
from portfolios.export_format import PROFILE
from portfolios.export_reading import NotTaken
from portfolios.models import (
    Attachment,
    CpdRecord,
    Declaration,
    Evidence,
    EvidenceRevision,
    HeadingMark,
    NameToWatch,
    Pack,
    PackKind,
    SelfAssessment,
    Training,
)
from portfolios.pack_transitions import Wanted
from portfolios.tasks import bring_exports_back
from reviews.tasks import make_packs
from tests.council import NOW, with_rules
from tests.portfolios.exports import (
    LATER,
    another,
    brought,
    changed,
    exported,
    inside,
    listed,
    made_once,
    own,
    own_folder,
    rewritten,
)
from tests.portfolios.makers import pdf_file, picture, piece_of, said, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures(own_folder.__name__)]


built, with_files, application = made_once()


def test_every_file_is_in_the_manifest_with_its_hash(application, tmp_path):
    files = inside(exported(application.worker, tmp_path))
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["format"] == 1
    assert manifest["files"] == {
        name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in files.items()
    }
    assert len([name for name in files if name.startswith("files/")]) == 4
    assert "I rang 01634" in "".join(
        content.decode() for name, content in files.items() if name.endswith(".md")
    )


def test_the_same_bank_gives_the_same_bytes(application, tmp_path):
    first = exported(application.worker, tmp_path).read_bytes()
    assert exported(application.worker, tmp_path, name="again.zip").read_bytes() == first


def test_back_in_an_empty_account_it_exports_the_same(application, tmp_path):
    first = exported(application.worker, tmp_path)
    worker = another()
    came = brought(worker, first)
    assert (came.added, came.there, came.files, came.drafts, came.unknown) == (4, 0, 4, 0, 0)
    second = exported(worker, tmp_path, at=LATER, name="second.zip")
    assert own(second) == own(first)


def test_finished_pieces_are_finished_and_their_reasons_know_their_passages(application, tmp_path):
    worker = another()
    brought(worker, exported(application.worker, tmp_path))
    piece = worker.evidence.get(title="With reasons")
    looked = family_data.looked_through(piece)
    assert (piece.complete, looked.unanswered) == (True, [])
    assert {stay.reason for stay in looked.stays} == {"It is the court’s."}


def test_a_reason_for_what_a_file_is_called_comes_back(application, tmp_path):
    piece = application.worker.evidence.get(title="With reasons")
    file = upload(picture(), "943_476_5919.png")
    transitions.attach_file(piece, worker=application.worker, upload=file, now=NOW)
    piece.refresh_from_db()
    reasons = {one.digest: "Made up." for one in family_data.looked_through(piece).unanswered}
    transitions.save_evidence(
        piece,
        worker=application.worker,
        base_revision=piece.revision,
        fields={},
        reasons=reasons,
        now=LATER,
    )
    worker = another()
    brought(worker, exported(application.worker, tmp_path))
    back = worker.evidence.get(title="With reasons")
    assert (len(reasons), back.complete, family_data.looked_through(back).unanswered) == (1, True, [])


def test_back_in_the_same_account_nothing_is_doubled(application, tmp_path):
    path = exported(application.worker, tmp_path)
    kept = (
        Evidence,
        EvidenceRevision,
        Attachment,
        Declaration,
        CpdRecord,
        SelfAssessment,
        NameToWatch,
        Training,
        HeadingMark,
    )
    before = [model.objects.count() for model in kept]
    files = set(default_storage.kept())
    came = brought(application.worker, path)
    assert (came.added, came.there) == (0, 4)
    assert [model.objects.count() for model in kept] == before
    assert set(default_storage.kept()) == files


def test_what_was_removed_since_comes_back_once(application, tmp_path):
    path = exported(application.worker, tmp_path)
    piece = application.worker.evidence.get(title="With reasons")
    transitions.remove_evidence(piece, worker=application.worker, now=LATER)
    assert brought(application.worker, path).added == 1
    assert brought(application.worker, path).added == 0
    assert application.worker.evidence.filter(title="With reasons", removed_at=None).count() == 1


def test_what_was_changed_since_stays_as_it_is(application, tmp_path):
    path = exported(application.worker, tmp_path)
    piece = application.worker.evidence.get(title="With reasons")
    piece = transitions.save_evidence(
        piece, worker=application.worker, base_revision=piece.revision, fields={"title": "Better"}, now=LATER
    )
    brought(application.worker, path)
    piece.refresh_from_db()
    assert piece.title == "Better"


def test_family_data_that_nobody_answered_for_makes_a_draft_of_it(application, tmp_path):
    """Whoever takes the reasons out of the ZIP does not get past the gate."""
    path = changed(exported(application.worker, tmp_path), lambda piece: piece.update(reasons=[]))
    worker = another()
    assert brought(worker, path).drafts >= 1
    assert not worker.evidence.get(title="With reasons").complete


def test_a_heading_of_a_scheme_that_is_not_known_is_counted_and_left_out(application, tmp_path):
    def elsewhere(piece):
        for mark in piece["marks"]:
            for one in mark["criteria"]:
                one["scheme"] = "somewhere-else"

    came = brought(another(), changed(exported(application.worker, tmp_path), elsewhere))
    assert came.unknown == 1


def test_others_acts_are_there_to_read_and_do_not_come_back(application, tmp_path):
    manager = application.team.manager
    supervision.agree_priority(
        application.worker, actor=manager, text="Court work", review_on=None, today=NOW.date()
    )
    path = exported(application.worker, tmp_path)
    assert "Court work" in inside(path)["for-reading/development.json"].decode()
    worker = another()
    brought(worker, path)
    assert not worker.priorities.exists()


def test_a_file_that_is_being_checked_is_named_and_not_in_it(settings, application, tmp_path):
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    piece = application.worker.evidence.get(title="Half a thought")
    transitions.attach_file(
        piece, worker=application.worker, upload=upload(pdf_file("Later"), "later.pdf"), now=NOW
    )
    files = inside(exported(application.worker, tmp_path))
    assert "later.pdf" in files["for-reading/left-out.json"].decode()
    assert len([name for name in files if name.startswith("files/")]) == 4


def test_nobody_else_s_words_are_in_it(application, tmp_path):
    piece_of(another(), fields=said(title="Quite another’s piece"))
    assert b"Quite another" not in b"".join(inside(exported(application.worker, tmp_path)).values())


def test_an_empty_bank_goes_out_and_comes_back(tmp_path):
    with_rules("medway-2010")
    worker = another()
    assert brought(another(), exported(worker, tmp_path)).added == 0


# By page and by command


def test_from_the_button_to_the_zip_and_back_by_page(application, client, tmp_path):
    client.force_login(application.worker)
    assert client.post(reverse("portfolios:export")).status_code == 302
    make_packs()
    answer = client.get(reverse("portfolios:export_file"))
    assert answer["Content-Type"] == "application/zip"
    content = b"".join(answer.streaming_content)
    assert Pack.objects.get().kind == PackKind.EXPORT
    worker = another()
    client.force_login(worker)
    page = reverse("portfolios:bring_back")
    answer = client.post(page, {"export": upload(content, "export.zip"), "key": uuid.uuid4()}, follow=True)
    assert "Waiting to begin" in answer.content.decode()
    bring_exports_back()
    assert "Came back: 4 pieces, 4 files" in client.get(page).content.decode()
    assert worker.evidence.count() == 4
    for given in (
        {"export": upload(content[:-9], "export.zip"), "key": uuid.uuid4()},
        {"export": upload(b"", "x.zip"), "key": uuid.uuid4()},
        {"key": uuid.uuid4()},
    ):
        answer = client.post(page, given)
        assert answer.status_code == 200
        assert "There is a problem" in answer.content.decode()


def test_an_export_may_be_larger_than_an_attachment_on_this_page_alone(application, client, tmp_path):
    """Twelve megabytes arrive whole: what is wrong with them is said, not that they are too large."""
    big = upload(b"\x00" * 12 * 1024**2, "big.zip")
    client.force_login(application.worker)
    told = client.post(
        reverse("portfolios:bring_back"), {"export": big, "key": uuid.uuid4()}
    ).content.decode()
    assert "This is not an export of this service" in told


def test_the_command_takes_what_the_page_takes(application, tmp_path):
    worker, out = another(), io.StringIO()
    path = exported(application.worker, tmp_path)
    call_command("import_bank", str(path), worker=worker.email, stdout=out)
    assert "Came back: 4 pieces, 4 files." in out.getvalue()
    path.write_bytes(b"nothing")
    for file, email in ((path, worker.email), (tmp_path / "none", worker.email), (path, "nobody@x.example")):
        with pytest.raises(CommandError):
            call_command("import_bank", str(file), worker=email)


class TestWhose:
    """What it names, not who made it: docs/security.md says what that proves."""

    @pytest.mark.parametrize("name", ["Robin O’Marsh", "robin o'marsh", " Robin  OMARSH"])
    def test_of_the_same_name_at_another_council(self, application, tmp_path, name):
        worker = another(name)
        assert worker.email != application.worker.email
        assert brought(worker, exported(application.worker, tmp_path)).added == 4

    def test_of_the_same_address_under_another_name(self, application, tmp_path):
        path = exported(application.worker, tmp_path)
        application.worker.name = "Robin Newname"
        application.worker.email = application.worker.email.upper()
        assert brought(application.worker, path).there == 4

    @pytest.mark.parametrize("name", ["Robin O’Marshall", "Robin", "Marsh O’Robin", "’"])
    def test_not_of_another_name_and_address(self, application, tmp_path, name):
        worker = another(name)
        with pytest.raises(NotTaken, match="somebody else’s"):
            brought(worker, exported(application.worker, tmp_path))
        assert not worker.evidence.exists()

    def test_two_without_a_name_are_not_the_same(self, application, tmp_path):
        def nameless(profile):
            profile["name"] = "’"

        with pytest.raises(NotTaken, match="somebody else’s"):
            brought(another("’"), profiled(exported(application.worker, tmp_path), nameless))

    def test_one_that_names_nobody_is_none(self, application, tmp_path):
        path = exported(application.worker, tmp_path)
        for change in (dict.clear, lambda profile: profile.update(name=None)):
            with pytest.raises(NotTaken, match="cannot be read: name"):
                brought(another(), profiled(path, change))
        files = inside(path)
        del files[PROFILE]
        with pytest.raises(NotTaken, match="not an export"):
            brought(another(), rewritten(path, listed(files).items()))

    def test_the_command_may_be_told_that_it_is(self, application, tmp_path):
        worker, path = another("Robin Newname"), str(exported(application.worker, tmp_path))
        with pytest.raises(CommandError, match="somebody else’s"):
            call_command("import_bank", path, worker=worker.email)
        call_command("import_bank", path, worker=worker.email, whosever=True, stdout=io.StringIO())
        assert worker.evidence.count() == 4


def profiled(path, change):
    """The export with its profile changed, and the manifest true of it."""
    files = inside(path)
    profile = json.loads(files[PROFILE])
    change(profile)
    return rewritten(path, listed(files | {PROFILE: json.dumps(profile).encode()}).items())


def test_an_export_asked_for_is_one_s_own(application):
    wanted = Wanted(PackKind.EXPORT)
    other = another()
    for person in (application.worker, other):
        pack_transitions.ask_for(wanted, actor=person, now=NOW)
    assert Pack.objects.count() == 2
