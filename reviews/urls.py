"""Addresses below /applications/: judging a case."""

from django.urls import path

from reviews.views import (
    appeal,
    assessment,
    authorisation,
    bundle,
    hearing,
    representative,
    reversal,
    review,
)

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
    path("<str:reference>/reverse/", reversal.reverse, name="reverse"),
    path("<str:reference>/review/", review.review, name="review"),
    path("<str:reference>/review/ask/", appeal.ask_for_review, name="ask_for_review"),
    path("<str:reference>/review/ask/late/", appeal.ask_late, name="ask_late"),
    path("<str:reference>/review/late/", appeal.late_request, name="late_request"),
    path("<str:reference>/review/decide/", appeal.decide_review, name="decide_review"),
    path("<str:reference>/review/hearing/", hearing.hearing, name="hearing"),
    path("<str:reference>/review/statement/", review.statement, name="statement"),
    path("<str:reference>/review/documents/add/", review.add_document, name="add_document"),
    path("<str:reference>/review/documents/<uuid:token>/", review.document, name="document"),
    path(
        "<str:reference>/review/documents/<uuid:token>/remove/",
        review.remove_document,
        name="remove_document",
    ),
    path("<str:reference>/review/representative/", representative.representative, name="representative"),
    path(
        "<str:reference>/review/representative/remove/",
        representative.remove_representative,
        name="remove_representative",
    ),
    path("<str:reference>/review/representative/link/", representative.link, name="link"),
    path(
        "<str:reference>/review/representative/link/take-back/",
        representative.revoke_link,
        name="revoke_link",
    ),
    path("<str:reference>/review/papers/", bundle.bundle, name="bundle"),
]
