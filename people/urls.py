"""Your details, who stands in for you, your conflicts of interest, and the directory of teams."""

from django.urls import path

from people.views import directory, notice_choices, standing_in, subject_access, you

app_name = "people"

urlpatterns = [
    path("you/", you.you, name="you"),
    path("you/notices/", notice_choices.choices, name="notice_choices"),
    path("you/away/", standing_in.away, name="away"),
    path("you/away/new/", standing_in.be_away, name="be_away"),
    path("you/away/<int:pk>/end/", standing_in.end_away, name="end_away"),
    path("you/conflicts/", standing_in.conflicts, name="conflicts"),
    path("you/conflicts/new/", standing_in.declare_conflict, name="declare_conflict"),
    path("you/conflicts/<int:pk>/end/", standing_in.end_conflict, name="end_conflict"),
    path("you/data/", subject_access.own_data, name="own_data"),
    path("you/data/<int:pk>/", subject_access.download, name="download_data"),
    path("data-about-a-person/", subject_access.others_data, name="others_data"),
    path("teams/", directory.teams, name="teams"),
]
