"""A project on Django with the SDK's middleware: settings and addresses in one file."""

import django
from django.conf import settings
from django.urls import path
from django.views.decorators.http import require_http_methods
from routes import ROUTES

urlpatterns = []


def start(view):
    """Sets Django up, with what `view` makes of each route."""
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        MIDDLEWARE=["supertokens_python.framework.django.django_middleware.middleware"],
        ROOT_URLCONF=__name__,
        SECRET_KEY="django signs nothing here",
    )
    django.setup(set_prefix=False)
    for route in ROUTES:
        answer = require_http_methods([route.method])(view(route))
        urlpatterns.append(path(route.path.removeprefix("/"), answer))
