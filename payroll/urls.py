"""Addresses below /payroll/: the forms that leave the building."""

from django.urls import path

from payroll.views import forms

app_name = "payroll"

urlpatterns = [
    path("forms/", forms.forms, name="forms"),
    path("forms/<str:reference>/", forms.form, name="form"),
    path("forms/<str:reference>/pay-changed/", forms.pay_changed, name="pay_changed"),
    path("forms/<str:reference>/<int:version>/<slug:kind>/", forms.download, name="download"),
]
