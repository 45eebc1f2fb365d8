"""The application's own routes, for every framework."""

from collections import namedtuple

from sdk import LEVEL, SECOND_FACTOR
from supertokens_python.recipe.userroles import PermissionClaim

# Is open to sessions that the validators of `guard` let in, and answers with the JSON that `handle`
# makes of one.
Route = namedtuple("Route", "method path handle guard")


def asking(*validators):
    return lambda others, *_: others + list(validators)


def may_write(others, *_):
    return others + [PermissionClaim.validators.includes("write")]


is_on_level_two = asking(LEVEL.validators.has_value(2))
has_second_factor = asking(SECOND_FACTOR.validators.is_true(None))


async def me(session):
    return {"userId": session.get_user_id()}


async def nothing(_):
    return {}


async def fetch_permissions(session):
    await session.fetch_and_set_claim(PermissionClaim)
    return {}


async def level_up(session):
    await session.set_claim_value(LEVEL, 2)
    return {}


async def complete_second_factor(session):
    await session.set_claim_value(SECOND_FACTOR, True)
    return {}


ROUTES = [
    Route("GET", "/me", me, None),
    Route("GET", "/write", nothing, may_write),
    Route("GET", "/level-two", nothing, is_on_level_two),
    Route("GET", "/second-factor", nothing, has_second_factor),
    Route("POST", "/fetch-permissions", fetch_permissions, None),
    Route("POST", "/level-up", level_up, None),
    Route("POST", "/complete-second-factor", complete_second_factor, None),
]
