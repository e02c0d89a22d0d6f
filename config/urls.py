"""Every address of the service. Each package names its own; this file says where they hang."""

import logging
from importlib.util import find_spec

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from config import health
from progression.views.start import start

# One way to sign in, with its lock-out; the admin has no second.
admin.site.login = secure_admin_login(admin.site.login)

handler400 = "config.views.bad_request"
handler403 = "config.views.not_allowed"
handler404 = "config.views.not_found"
handler429 = "config.views.too_many_requests"
handler500 = "config.views.broken"

urlpatterns = [
    path("", start, name="start"),
    path("healthz", health.healthz, name="healthz"),
    path("account/", include("people.account_urls")),
    path("admin/", admin.site.urls),
    path("", include("people.urls")),
]
for module, prefix in (
    ("competencies.urls", "framework/"),
    ("portfolios.urls", ""),
    ("progression.urls", ""),
    ("reviews.urls", "applications/"),
    ("payroll.urls", "payroll/"),
):
    if not find_spec(module):
        continue
    try:
        urlpatterns.append(path(prefix, include(module)))
    except Exception:  # while the packages are being written: one half-written view shall not stop the others
        logging.getLogger(__name__).exception("%s is left out", module)
