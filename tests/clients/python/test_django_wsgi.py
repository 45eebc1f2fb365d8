"""supertokens-python on Django, served by WSGI."""

import unittest

import django_project
from cases import Cases
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from served import Wsgi
from supertokens_python.async_to_sync_wrapper import sync
from supertokens_python.recipe.session.framework.django.syncio import verify_session


def view(route):
    @verify_session(override_global_claim_validators=route.guard)
    def answer(request):
        return JsonResponse(sync(route.handle(request.supertokens)))

    return answer


class OnDjangoByWsgi(Cases, unittest.TestCase):
    framework, served = "django", Wsgi

    @staticmethod
    def application():
        django_project.start(view)
        return get_wsgi_application()
