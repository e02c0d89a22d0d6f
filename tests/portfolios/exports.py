"""Somebody with everything in their bank, what is exported of it, and exports that somebody has changed."""

import hashlib
import json
import shutil
import tempfile
import zipfile
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.storage import default_storage

from competencies.selectors import headings_evidenced
from portfolios import bring_back, export_reading, export_writing, transitions
from portfolios import cpd_transitions as cpd
from portfolios import supervision_transitions as supervision
from portfolios.bank_transitions import say_what_it_shows
from portfolios.family_data_transitions import watch_names
from portfolios.models import Stand
from portfolios.policies import asked
from portfolios.self_assessment_transitions import say_where_you_stand
from tests.built_once import built_once
from tests.council import NOW, organisation, social_worker
from tests.portfolios.makers import headings_of, pdf_file, picture, piece_of, said, upload, word_file
from tests.walk import State, application_at

OWNER = "Robin O’Marsh"
LATER = NOW + timedelta(days=1)


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    """Files of this test alone: others run at the same time."""
    monkeypatch.setattr(default_storage, "location", str(tmp_path / "kept"))


def somebody_with_everything():
    """A worker with everything: pieces of kinds, drafts, files, marks, reasons, answers, training, a plan."""
    application = application_at(State.DRAFT)
    worker, portfolio = application.worker, application.portfolio
    worker.name = OWNER
    worker.save(update_fields=["name"])
    heading = headings_of(portfolio)[0]
    watch_names(worker, names=["Marigold Smith"], now=NOW)
    piece = piece_of(worker, portfolio, [heading])
    for file in (
        upload(pdf_file("The plan of 3 May 2011"), "plan.pdf"),
        upload(picture(), "drawing.png"),
        upload(picture("JPEG"), "photo.jpg"),
        upload(word_file(), "letter.docx"),
    ):
        transitions.attach_file(piece, worker=worker, upload=file, now=NOW)
    wholly = asked(portfolio)
    one = next(one for one in wholly.evidenced if one.competency == heading).criteria[0]
    say_what_it_shows(piece, worker=worker, asked=wholly, criteria={one.pk}, items=[])
    held = said(what_i_did="I rang 01634 555555, the court’s own number, with Marigold Smith.")
    found = piece_of(worker, fields=held).to_look_at
    piece = worker.evidence.get(what_i_did=held["what_i_did"])
    transitions.save_evidence(
        piece,
        worker=worker,
        base_revision=piece.revision,
        fields=held | {"title": "With reasons"},
        reasons={passage.digest: "It is the court’s." for passage in found},
        now=NOW + timedelta(hours=1),
    )
    piece_of(worker, fields=said(title="Half a thought", outcome=""), as_draft=True)
    asked_of = headings_evidenced(portfolio.step)[0]
    answers = {asked_of.criteria[0].pk: (Stand.DOING, "Each week.")}
    say_where_you_stand(worker, actor=worker, heading=asked_of, answers=answers, seen=0, now=NOW)
    supervision.record_training(
        worker,
        actor=worker,
        title="Court skills",
        provider="The council",
        taken_on=NOW.date(),
        learned="To wait.",
        applied="",
        competencies=[heading],
        now=NOW,
    )
    supervision.plan_action(
        worker,
        actor=worker,
        action="Shadow a case",
        competency=heading,
        by_when=None,
        now=NOW,
        today=NOW.date(),
    )
    read = piece_of(worker, fields=said(title="What I read"))
    cpd.choose(worker, pieces=[read.pk], now=NOW, today=NOW.date())
    said_of_it = {"role": "A colleague", "on": NOW.date(), "said": "We compared two visits."}
    cpd.add_peer_reflection(read.cpd_record, actor=worker, **said_of_it, today=NOW.date())
    return application


def made_once():
    """Three fixtures for a file of tests: `application` is of somebody with everything, files and all."""
    built, with_files = built_once(_with_files)

    @pytest.fixture
    def application(with_files, own_folder):
        made, folder = with_files
        shutil.copytree(folder, default_storage.location)
        return made

    return built, with_files, application


def _with_files():
    """(somebody with everything, the folder with their files)"""
    folder = tempfile.mkdtemp(dir=settings.DATA_DIR)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(default_storage, "location", folder)
        return somebody_with_everything(), folder


def exported(worker, tmp_path, at=NOW, name="export.zip"):
    path = tmp_path / name
    export_writing.write(worker, path, made_at=at)
    return path


def inside(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def own(path):
    """What comes back, and nothing else."""
    return {
        name: said
        for name, said in inside(path).items()
        if not name.startswith("for-reading/") and name != "manifest.json"
    }


def brought(worker, path, now=LATER):
    with path.open("rb") as file:
        return bring_back.bring_back(worker, export_reading.read(file), now=now)


def another(name=OWNER):
    """The same person in another post, whose account has another address; or somebody else."""
    return social_worker(organisation().team, name=name)


def rewritten(path, files, **options):
    out = path.with_name("hostile.zip")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content, **options)
    return out


def listed(files):
    """The files with a manifest that is true of them."""
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {
        name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in files.items()
        if name != "manifest.json"
    }
    return files | {"manifest.json": json.dumps(manifest).encode()}


def changed(path, change):
    """Each piece changed, and the manifest true of it."""
    files = inside(path)
    for name in [name for name in files if name.startswith("pieces/") and name.endswith(".json")]:
        piece = json.loads(files[name])
        change(piece)
        files[name] = json.dumps(piece).encode()
    return rewritten(path, listed(files).items())
