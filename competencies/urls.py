"""The framework: below a scheme's code and a level's number is what that step asks; below its draft, the next
version in the making.
"""

from django.urls import path

from competencies.views import draft, edit, framework, scheme

app_name = "competencies"

urlpatterns = [
    path("", framework.framework, name="framework"),
    path("schemes/", framework.schemes, name="schemes"),
    path("your-schemes/", scheme.kept, name="kept"),
    path("<slug:code>/", scheme.scheme, name="scheme"),
    path("<slug:code>/level-<int:level>/", framework.step, name="step"),
    path(
        "<slug:code>/version-<int:version>/level-<int:level>/",
        framework.step_of_version,
        name="step_of_version",
    ),
    path("<slug:code>/version-<int:version>/file.yaml", scheme.file, name="file"),
    path("<slug:code>/version-<int:version>/changes/", scheme.changes, name="changes"),
    path("<slug:code>/draft/", draft.overview, name="draft"),
    path("<slug:code>/draft/begin/", draft.begin, name="begin_draft"),
    path("<slug:code>/draft/changes/", draft.changes, name="draft_changes"),
    path("<slug:code>/draft/compare/", draft.compare_with_newest, name="compare_with_newest"),
    path("<slug:code>/draft/discard/", draft.discard, name="discard"),
    path("<slug:code>/draft/file.yaml", draft.file, name="draft_file"),
    path("<slug:code>/draft/read-file/", draft.read_in, name="read_in"),
    path("<slug:code>/draft/headings/", edit.heading_list, name="draft_headings"),
    path("<slug:code>/draft/headings/add/", edit.add_heading, name="add_heading"),
    path("<slug:code>/draft/headings/<slug:heading_code>/", edit.one_heading, name="draft_heading"),
    path("<slug:code>/draft/headings/<slug:heading_code>/move/", edit.move_heading, name="move_heading"),
    path(
        "<slug:code>/draft/headings/<slug:heading_code>/remove/", edit.remove_heading, name="remove_heading"
    ),
    path("<slug:code>/draft/pay/", edit.pay, name="draft_pay"),
    path("<slug:code>/draft/pay/<int:number>/", edit.scale, name="scale"),
    path("<slug:code>/draft/pay/<int:number>/remove/", edit.remove_scale, name="remove_scale"),
    path("<slug:code>/draft/edit/<slug:part>/", edit.part, name="draft_part"),
]
