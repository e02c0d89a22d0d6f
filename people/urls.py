"""Your details, and the directory of teams."""

from django.urls import path

from people.views import directory, you

app_name = "people"

urlpatterns = [
    path("you/", you.you, name="you"),
    path("teams/", directory.teams, name="teams"),
]
