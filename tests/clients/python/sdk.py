"""The reference's SDK, set up once a process, with the recipes that the cases use."""

from core import API_KEY
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.ingredients.emaildelivery.types import EmailDeliveryConfig
from supertokens_python.recipe import (
    emailpassword,
    emailverification,
    multifactorauth,
    passwordless,
    session,
    thirdparty,
    totp,
    usermetadata,
    userroles,
)
from supertokens_python.recipe.passwordless import ContactEmailOrPhoneConfig
from supertokens_python.recipe.session.claims import PrimitiveClaim
from supertokens_python.recipe.thirdparty import SignInAndUpFeature
from supertokens_python.recipe.thirdparty.provider import (
    ProviderClientConfig,
    ProviderConfig,
    ProviderInput,
)
from supertokens_python.recipe.userroles import PermissionClaim

LEVEL = PrimitiveClaim("level", lambda *_: 1)

# Mails with codes; the last one is the newest.
mails = []


class Mailbox(passwordless.EmailDeliveryInterface):
    async def send_email(self, template_vars, user_context):
        mails.append(template_vars)


def may_write(validators, *_):
    return validators + [PermissionClaim.validators.includes("write")]


def is_on_level_two(validators, *_):
    return validators + [LEVEL.validators.has_value(2)]


def start(framework, mode, connection_uri):
    init(
        app_info=InputAppInfo(
            app_name="clients",
            api_domain="http://127.0.0.1",
            website_domain="http://localhost:3000",
        ),
        supertokens_config=SupertokensConfig(connection_uri, API_KEY),
        framework=framework,
        recipe_list=[
            emailpassword.init(),
            emailverification.init("OPTIONAL"),
            thirdparty.init(
                SignInAndUpFeature(
                    [ProviderInput(ProviderConfig("google", clients=[ProviderClientConfig("id")]))]
                )
            ),
            passwordless.init(
                contact_config=ContactEmailOrPhoneConfig(),
                flow_type="USER_INPUT_CODE_AND_MAGIC_LINK",
                email_delivery=EmailDeliveryConfig(Mailbox()),
            ),
            session.init(),
            usermetadata.init(),
            userroles.init(),
            multifactorauth.init(),
            totp.init(),
        ],
        mode=mode,
        telemetry=False,
    )
