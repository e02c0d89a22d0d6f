"""Addresses of a worker's evidence and portfolio."""

from django.urls import path

from portfolios.views import (
    bank,
    cpd,
    evidence_form,
    exports,
    family_data,
    matrix,
    observers,
    packs,
    portfolio,
    progress,
    self_assessment,
    sharing,
    supervision,
)

app_name = "portfolios"

_TEAM = "team/<int:worker>/development/"
_ASKED = "evidence/<int:pk>/asked/<int:number>/"
_SHARED = "team/<int:worker>/evidence/<int:pk>/"


def _development(start):
    """What the worker and their manager have alike, each under an address of their own."""
    return [
        path(start, supervision.development, name="development"),
        path(f"{start}notes/add/", supervision.add_note, name="add_note"),
        path(f"{start}plan/add/", supervision.add_action, name="add_action"),
        path(f"{start}plan/<int:pk>/finish/", supervision.finish_action, name="finish_action"),
        path(f"{start}<slug:part>/", supervision.part, name="development_part"),
    ]


urlpatterns = [
    path("portfolio/", portfolio.portfolio, name="portfolio"),
    path("portfolio/desirable/", portfolio.desirables, name="desirables"),
    path("portfolio/carry-over/", matrix.carry_over, name="carry_over"),
    path("portfolio/pack/", packs.pack, name="pack"),
    path("portfolio/pack/state/", packs.pack_state, name="pack_state"),
    path("portfolio/pack/file/", packs.pack_file, name="pack_file"),
    path("portfolio/<slug:code>/", portfolio.heading, name="heading"),
    path("portfolio/<slug:code>/from-your-evidence/", portfolio.use_from_bank, name="use_from_bank"),
    path("self-assessment/", self_assessment.self_assessment, name="self_assessment"),
    path("self-assessment/<slug:code>/", self_assessment.heading, name="self_assessment_heading"),
    path("evidence/", bank.bank, name="bank"),
    path("evidence/search/", bank.search, name="search"),
    path("evidence/by-heading/", matrix.matrix, name="matrix"),
    path("evidence/by-heading/<slug:code>/", matrix.heading, name="matrix_heading"),
    path("evidence/<int:pk>/shows/", matrix.shows, name="shows"),
    path("evidence/new/", evidence_form.new, name="new"),
    path("evidence/new/autosave/", evidence_form.autosave, name="autosave_new"),
    path("evidence/sharing/", sharing.sharing, name="sharing"),
    path("evidence/sharing/finished/", sharing.share_finished, name="share_finished"),
    path("evidence/sharing/stop/", sharing.stop_sharing_all, name="stop_sharing_all"),
    path("evidence/<int:pk>/share/", sharing.share, name="share"),
    path("evidence/<int:pk>/stop-sharing/", sharing.stop_sharing, name="stop_sharing"),
    path("evidence/<int:pk>/comments/", sharing.comments, name="comments"),
    path("evidence/<int:pk>/comments/read/", sharing.comments_read, name="comments_read"),
    path("evidence/asked/", observers.asked_observers, name="asked_observers"),
    path("evidence/<int:pk>/ask/", observers.ask, name="ask_observer"),
    path(_ASKED, observers.asked, name="asked_observer"),
    path(f"{_ASKED}send-again/", observers.send_again, name="send_observer_again"),
    path(f"{_ASKED}take-back/", observers.take_back, name="take_back_observer"),
    path(f"{_ASKED}leave-out/", observers.leave_out, name="leave_out_testimony"),
    path("evidence/export/", exports.export, name="export"),
    path("evidence/export/state/", exports.export_state, name="export_state"),
    path("evidence/export/file/", exports.export_file, name="export_file"),
    path("evidence/import/", exports.bring_back, name="bring_back"),
    path("evidence/import/state/", exports.bring_back_state, name="bring_back_state"),
    path("cpd/", cpd.cpd, name="cpd"),
    path("cpd/choose/", cpd.choose, name="choose_cpd"),
    path("cpd/entered/", cpd.entered, name="cpd_entered"),
    path("cpd/text/", cpd.text, name="cpd_text"),
    path("cpd/<int:year>/", cpd.year, name="cpd_year"),
    path("cpd/records/<int:pk>/peer-reflection/", cpd.peer, name="cpd_peer"),
    path("cpd/records/<int:pk>/take-out/", cpd.take_out, name="take_out_cpd"),
    path("evidence/names-to-watch/", family_data.names, name="names_to_watch"),
    path("evidence/names-to-watch/<int:pk>/remove/", family_data.forget, name="forget_name"),
    path("evidence/<int:pk>/", bank.evidence, name="evidence"),
    path("evidence/<int:pk>/edit/", evidence_form.edit, name="edit"),
    path("evidence/<int:pk>/autosave/", evidence_form.autosave, name="autosave"),
    path("evidence/<int:pk>/remove/", bank.remove, name="remove"),
    path("evidence/<int:pk>/attachments/<uuid:token>/", bank.attachment, name="attachment"),
    *_development("development/"),
    path("development/training/add/", supervision.add_training, name="add_training"),
    path("development/training/<int:pk>/", supervision.say_how_applied, name="say_how_applied"),
    path("team/<int:worker>/progress/", progress.progress, name="progress"),
    path(_SHARED, progress.shared_piece, name="shared_piece"),
    path(f"{_SHARED}read/", progress.shared_piece_read, name="shared_piece_read"),
    path(f"{_SHARED}attachments/<uuid:token>/", progress.shared_file, name="shared_file"),
    *_development(_TEAM),
    path(f"{_TEAM}priorities/add/", supervision.add_priority, name="add_priority"),
    path(f"{_TEAM}priorities/<int:pk>/end/", supervision.end_priority, name="end_priority"),
    path(f"{_TEAM}training/<int:pk>/agree/", supervision.agree_training, name="agree_training"),
]
