"""Addresses of a worker's evidence and portfolio."""

from django.urls import path

from portfolios.views import bank, evidence_form, portfolio

app_name = "portfolios"

urlpatterns = [
    path("portfolio/", portfolio.portfolio, name="portfolio"),
    path("portfolio/desirable/", portfolio.desirables, name="desirables"),
    path("portfolio/<slug:code>/", portfolio.heading, name="heading"),
    path("portfolio/<slug:code>/from-your-evidence/", portfolio.use_from_bank, name="use_from_bank"),
    path("evidence/", bank.bank, name="bank"),
    path("evidence/new/", evidence_form.new, name="new"),
    path("evidence/new/autosave/", evidence_form.autosave, name="autosave_new"),
    path("evidence/<int:pk>/", bank.evidence, name="evidence"),
    path("evidence/<int:pk>/edit/", evidence_form.edit, name="edit"),
    path("evidence/<int:pk>/autosave/", evidence_form.autosave, name="autosave"),
    path("evidence/<int:pk>/remove/", bank.remove, name="remove"),
    path("evidence/<int:pk>/attachments/<uuid:token>/", bank.attachment, name="attachment"),
]
