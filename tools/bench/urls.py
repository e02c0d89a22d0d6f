"""The application's addresses, and the bare page's."""

from django.urls import include, path

from tools.bench.bare import bare

urlpatterns = [path("bench/bare/", bare), path("", include("config.urls"))]
