"""The issuer's pages, and the two by which tests tell it things."""

import json

from django.contrib.auth import get_user_model, login
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from tests.issuer.says import CLAIMS, FAULT

PAGE = """<!doctype html><html lang="en"><title>The council</title><h1>The council</h1>
<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="{}">
<label>Name <input name="name"></label><button>Sign in</button></form></html>"""


def sign_in(request):
    """By name alone: what the council asks of its people is not our tests' subject."""
    if request.method == "POST":
        user = get_user_model().objects.get(username=request.POST["name"])
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        return redirect(request.GET["next"])
    return HttpResponse(PAGE.format(get_token(request)))


@csrf_exempt
def tell(request):
    """{"people": {name: claims}, "fault": name}."""
    told = json.loads(request.body)
    for name, claims in told.get("people", {}).items():
        get_user_model().objects.get_or_create(username=name)
        CLAIMS[name] = claims
    FAULT["next"] = told.get("fault", "")
    return HttpResponse("ok")


urlpatterns = [
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    path("sign-in/", sign_in),
    path("tell/", tell),
    path("static/<path:name>", lambda request, name: HttpResponse("", content_type="text/css")),
]
