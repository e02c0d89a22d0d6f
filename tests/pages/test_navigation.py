"""The navigation marks the one section that a page is in."""

import pytest

from config.navigation import account_links, navigation
from people.models import User
from people.roles import Role


def marked(role, path):
    reader = User(role=role)
    return [link["text"] for link in navigation(reader, path) + account_links(reader, path) if link["active"]]


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("/framework/", "Framework"),
        ("/framework/schemes/", "Framework"),
        ("/framework/medway-2010/level-2/", "Framework"),
        ("/framework/medway-2010/version-2/level-2/", "Framework"),
        ("/framework/your-schemes/", "Schemes"),
        ("/framework/medway-2010/", "Schemes"),
        ("/framework/medway-2010/version-2/changes/", "Schemes"),
        ("/framework/medway-2010/draft/", "Schemes"),
        ("/framework/medway-2010/draft/edit/levels/", "Schemes"),
        ("/framework/medway-2010/draft/applications/", "Schemes"),
        ("/figures/medway-2010/", "Figures"),
    ],
)
def test_where_the_principal_social_worker_is(path, section):
    assert marked(Role.PRINCIPAL_SOCIAL_WORKER, path) == [section]


def test_who_has_no_schemes_is_in_the_framework():
    """Near miss: the same page, read by somebody who looks after no scheme."""
    assert marked(Role.SOCIAL_WORKER, "/framework/medway-2010/") == ["Framework"]
    assert marked(Role.AUDITOR, "/framework/medway-2010/draft/") == []


def test_the_start_page_is_no_section():
    assert marked(Role.TEAM_MANAGER, "/healthz") == []
    assert marked(Role.TEAM_MANAGER, "/notices/") == ["Notices"]


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("/cpd/choose/", "Evidence"),
        ("/self-assessment/recording/", "Evidence"),
        ("/account/sessions/", "Your details"),
        ("/account/sign-out/", "Sign out"),
    ],
)
def test_a_page_is_in_the_section_that_leads_to_it(path, section):
    assert marked(Role.SOCIAL_WORKER, path) == [section]


def test_a_section_that_the_reader_has_not_is_not_marked():
    assert marked(Role.PAYROLL, "/cpd/") == []
