"""Addresses of the case, the start page and the lists."""

from django.urls import path

from progression.views import (
    apply,
    audit,
    case,
    closures,
    holds,
    lists,
    meetings,
    members,
    notices,
    packs,
    scheme_impact,
    step_back,
)

app_name = "progression"

_PACK = "applications/<str:reference>/portfolio/<int:number>/pack/"

urlpatterns = [
    path("ready/", members.ready, name="ready"),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/notice/", meetings.give_notice, name="give_notice"),
    path("team/", lists.team, name="team"),
    path("team/<int:worker>/", members.member, name="member"),
    path("team/<int:worker>/ready/", members.team_ready, name="team_ready"),
    path("team/<int:worker>/details/", members.details, name="details"),
    path("team/<int:worker>/meetings/", meetings.team_meetings, name="team_meetings"),
    path("team/<int:worker>/meetings/diarise/", meetings.diarise, name="diarise"),
    path("team/<int:worker>/meetings/move/", meetings.move_meeting, name="move_meeting"),
    path("team/<int:worker>/meetings/cancel/", meetings.cancel_meeting, name="cancel_meeting"),
    path("team/<int:worker>/meetings/held/", meetings.hold, name="hold_meeting"),
    path("workers/", lists.workers, name="workers"),
    path("figures/", lists.figures, name="figures"),
    path("legal-holds/", holds.holds, name="holds"),
    path("legal-holds/<int:pk>/end/", holds.end_hold, name="end_hold"),
    path("closures/", closures.closures, name="closures"),
    path("closures/<int:pk>/remove/", closures.remove_closure, name="remove_closure"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="read_all_notices"),
    path("notices/<int:pk>/open/", notices.open_notice, name="open_notice"),
    path("audit/", audit.audit, name="audit"),
    path("audit/check/", audit.check, name="check_audit"),
    path("figures/<slug:code>/", scheme_impact.first_months, name="first_months"),
    path("framework/<slug:code>/draft/applications/", scheme_impact.impact, name="scheme_impact"),
    path("framework/<slug:code>/draft/publish/", scheme_impact.publish, name="publish_scheme"),
    path("applications/", lists.applications, name="applications"),
    path("applications/start/", apply.start_application, name="start_application"),
    path("applications/submit/", apply.submit_own, name="submit"),
    path("applications/<str:reference>/", case.case, name="case"),
    path("applications/<str:reference>/submit/", apply.submit, name="submit"),
    path("applications/<str:reference>/submitted/", apply.submitted, name="submitted"),
    path("applications/<str:reference>/withdraw/", apply.withdraw, name="withdraw"),
    path("applications/<str:reference>/step-back/", step_back.step_back, name="step_back"),
    path("applications/<str:reference>/portfolio/", case.submitted_portfolio, name="submitted_portfolio"),
    path(
        "applications/<str:reference>/portfolio/<int:number>/",
        case.submitted_portfolio,
        name="submitted_portfolio",
    ),
    path(_PACK, packs.pack, name="submission_pack"),
    path(f"{_PACK}state/", packs.state, name="submission_pack_state"),
    path(f"{_PACK}file/", packs.file, name="submission_pack_file"),
    path("applications/<str:reference>/attachments/<uuid:token>/", case.attachment, name="attachment"),
]
