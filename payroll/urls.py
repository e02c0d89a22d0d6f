"""Addresses below /payroll/: the forms that leave the building."""

from django.urls import path

from payroll.views import forms

app_name = "payroll"

urlpatterns = [
    path("forms/", forms.forms, name="forms"),
    path("forms/<slug:reference>/", forms.form, name="form"),
    path("forms/<slug:reference>/pay-changed/", forms.pay_changed, name="pay_changed"),
    path("forms/<slug:reference>/<int:version>/<slug:kind>/", forms.download, name="download"),
]
