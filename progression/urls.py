"""Addresses of the case, the start page and the lists."""

from django.urls import path

from progression.views import apply, case, lists

app_name = "progression"

urlpatterns = [
    path("team/", lists.team, name="team"),
    path("workers/", lists.workers, name="workers"),
    path("figures/", lists.figures, name="figures"),
    path("applications/", lists.applications, name="applications"),
    path("applications/start/", apply.start_application, name="start_application"),
    path("applications/submit/", apply.submit_own, name="submit"),
    path("applications/<str:reference>/", case.case, name="case"),
    path("applications/<str:reference>/submit/", apply.submit, name="submit"),
    path("applications/<str:reference>/submitted/", apply.submitted, name="submitted"),
    path("applications/<str:reference>/withdraw/", apply.withdraw, name="withdraw"),
    path("applications/<str:reference>/portfolio/", case.submitted_portfolio, name="submitted_portfolio"),
    path(
        "applications/<str:reference>/portfolio/<int:number>/",
        case.submitted_portfolio,
        name="submitted_portfolio",
    ),
    path("applications/<str:reference>/attachments/<uuid:token>/", case.attachment, name="attachment"),
]
