"""supertokens-python on Django, served by ASGI."""

import unittest

import django_project
from cases import Cases
from django.core.asgi import get_asgi_application
from django.http import JsonResponse
from served import Asgi
from supertokens_python.recipe.session.framework.django.asyncio import verify_session


def view(route):
    @verify_session(override_global_claim_validators=route.guard)
    async def answer(request):
        return JsonResponse(await route.handle(request.supertokens))

    return answer


class OnDjangoByAsgi(Cases, unittest.TestCase):
    framework, served = "django", Asgi

    @staticmethod
    def application():
        django_project.start(view)
        return get_asgi_application()
