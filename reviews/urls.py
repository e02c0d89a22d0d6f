"""Addresses below /applications/: judging a case."""

from django.urls import path

from reviews.views import appeal, assessment, authorisation

app_name = "reviews"

urlpatterns = [
    path("<str:reference>/assessment/", assessment.assessment, name="assessment"),
    path("<str:reference>/assessment/<slug:code>/", assessment.assess_heading, name="assess_heading"),
    path("<str:reference>/declarations/", assessment.declarations, name="declarations"),
    path("<str:reference>/recommendation/", assessment.recommendation, name="recommendation"),
    path("<str:reference>/sign/", assessment.sign, name="sign"),
    path("<str:reference>/signed/", assessment.signed, name="signed"),
    path("<str:reference>/return/", assessment.return_to_worker, name="return_to_worker"),
    path("<str:reference>/findings/", assessment.findings, name="findings"),
    path("<str:reference>/authorisation/", authorisation.authorisation, name="authorisation"),
    path("<str:reference>/outcome/", authorisation.outcome, name="outcome"),
    path("<str:reference>/review/ask/", appeal.ask_for_review, name="ask_for_review"),
    path("<str:reference>/review/decide/", appeal.decide_review, name="decide_review"),
]
