import os
import sys

port, folder, redirect_uri = sys.argv[1:]
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "tests.issuer.settings",
    "ISSUER_FOLDER": folder,
    "ISSUER_PORT": port,
}

import django  # noqa: E402

django.setup()

from socketserver import ThreadingMixIn  # noqa: E402
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server  # noqa: E402

from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from oauth2_provider.models import Application  # noqa: E402

call_command("migrate", verbosity=0)
Application.objects.create(
    name="Social work progression",
    client_id="progression",
    client_secret="for-tests",
    client_type="confidential",
    authorization_grant_type="authorization-code",
    redirect_uris=redirect_uri,
    algorithm="RS256",
)


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


make_server(
    "127.0.0.1", int(port), get_wsgi_application(), server_class=Server, handler_class=Quiet
).serve_forever()
