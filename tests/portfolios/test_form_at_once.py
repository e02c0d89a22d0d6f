"""One form sent several times at the same moment: one piece, and nobody overwrites another unseen."""

import pytest
from django.test import Client
from django.urls import reverse

from portfolios.models import Evidence
from tests.at_once import at_once
from tests.council import organisation
from tests.portfolios.makers import again, piece_of, typed

pytestmark = pytest.mark.django_db(transaction=True)


def sending(worker, address, fields):
    """An act: the worker, at a browser of its own, sends this. Answers the status."""

    def send():
        client = Client()
        client.force_login(worker)
        return client.post(address, fields).status_code

    return send


def test_two_sendings_of_one_form_make_one_piece():
    worker, fields = organisation().worker, typed(draft="draft")
    del fields["headings_0"]
    assert at_once(*[sending(worker, "/evidence/new/", fields)] * 4) == [302] * 4
    assert Evidence.objects.get().revisions.count() == 1


def test_of_two_saves_one_is_told_of_the_other():
    worker = organisation().worker
    piece = piece_of(worker)
    address = reverse("portfolios:edit", args=[piece.pk])
    saves = [sending(worker, address, again(piece, title=title)) for title in ("One", "Two")]
    assert sorted(at_once(*saves)) == [302, 409]
