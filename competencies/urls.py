"""The framework: below a scheme's code and a level's number is what that step asks."""

from django.urls import path

from competencies.views import framework

app_name = "competencies"

urlpatterns = [
    path("", framework.framework, name="framework"),
    path("schemes/", framework.schemes, name="schemes"),
    path("<slug:code>/level-<int:level>/", framework.step, name="step"),
    path(
        "<slug:code>/version-<int:version>/level-<int:level>/",
        framework.step_of_version,
        name="step_of_version",
    ),
]
