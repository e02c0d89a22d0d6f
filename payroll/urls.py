"""Addresses of what leaves the building: payroll's forms, and the letters and the contract of one case."""

from django.urls import path

from payroll.views import contract, forms, letters, queries

app_name = "payroll"

urlpatterns = [
    path("payroll/forms/", forms.forms, name="forms"),
    path("payroll/forms/<slug:reference>/", forms.form, name="form"),
    path("payroll/forms/<slug:reference>/pay-changed/", forms.pay_changed, name="pay_changed"),
    path("payroll/forms/<slug:reference>/query/", queries.send_back, name="send_back"),
    path("payroll/forms/<slug:reference>/<int:version>/<slug:kind>/", forms.download, name="download"),
    path("applications/<str:reference>/contract/", contract.contract, name="contract"),
    path("applications/<str:reference>/contract/accept/", contract.accept, name="accept_contract"),
    path("applications/<str:reference>/contract/decline/", contract.decline, name="decline_contract"),
    path("applications/<str:reference>/pay-query/", queries.answer, name="answer_query"),
    path("applications/<str:reference>/letters/<slug:kind>/<int:number>/", letters.letter, name="letter"),
]
