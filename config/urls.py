"""Every address of the service. Each package names its own; this file says where they hang."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from config import health
from portfolios.views import testimony
from progression.views.start import start
from reviews.views.bundle import papers

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
    path("framework/", include("competencies.urls")),
    path("", include("portfolios.urls")),
    path("", include("progression.urls")),
    path("applications/", include("reviews.urls")),
    path("papers/<str:token>/", papers, name="papers"),
    path("testimony/thank-you/", testimony.thank_you, name="testimony_sent"),
    path("testimony/<str:token>/", testimony.testimony, name="testimony"),
    path("testimony/<str:token>/files/<uuid:file>/", testimony.file, name="testimony_file"),
    path("", include("payroll.urls")),
]
