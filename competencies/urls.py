"""The framework: /framework/medway-2010/level-3/ is what is asked for a scheme's Level 3."""

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
