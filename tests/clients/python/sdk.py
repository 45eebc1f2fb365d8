"""The reference's SDK, set up once a process, with the recipes that the cases use."""

from authenticator import SITE
from core import API_KEY
from outside import CLIENT_ID, CLIENT_SECRET
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.ingredients.emaildelivery.types import EmailDeliveryConfig, EmailDeliveryInterface
from supertokens_python.recipe import (
    accountlinking,
    emailpassword,
    emailverification,
    multifactorauth,
    passwordless,
    session,
    thirdparty,
    totp,
    usermetadata,
    userroles,
    webauthn,
)
from supertokens_python.recipe.accountlinking.types import (
    ShouldAutomaticallyLink,
    ShouldNotAutomaticallyLink,
)
from supertokens_python.recipe.passwordless import ContactEmailOrPhoneConfig
from supertokens_python.recipe.session.claims import BooleanClaim, PrimitiveClaim
from supertokens_python.recipe.thirdparty import SignInAndUpFeature
from supertokens_python.recipe.thirdparty.provider import (
    ProviderClientConfig,
    ProviderConfig,
    ProviderInput,
)
from supertokens_python.recipe.webauthn import WebauthnConfig

LEVEL = PrimitiveClaim("level", lambda *_: 1)

# Says whether the second factor is done.
SECOND_FACTOR = BooleanClaim("2fa-completed", lambda *_: False)

# Login methods with an address of this domain belong together, once the address is verified.
LINKED = "linked.example.com"


async def should_link(account, *_):
    if (account.email or "").endswith(f"@{LINKED}"):
        return ShouldAutomaticallyLink(should_require_verification=True)
    return ShouldNotAutomaticallyLink()


# What is sent, each with its address; the last one is the newest.
mails = []


class Mailbox(EmailDeliveryInterface):
    async def send_email(self, template_vars, user_context):
        to = template_vars if hasattr(template_vars, "email") else template_vars.user
        mails.append((to.email, template_vars))


def mails_to(email):
    return [mail for address, mail in mails if address == email]


def with_second_factor(original):
    """Starts every session with a second factor that is still to do."""
    create = original.create_new_session

    async def create_new_session(
        user_id, recipe_user_id, access_token_payload, data, disable_anti_csrf, tenant_id, user_context
    ):
        payload = access_token_payload or {}
        claim = await SECOND_FACTOR.build(user_id, recipe_user_id, tenant_id, payload, user_context)
        payload = {**payload, **claim}
        return await create(
            user_id, recipe_user_id, payload, data, disable_anti_csrf, tenant_id, user_context
        )

    original.create_new_session = create_new_session
    return original


def provider(origin):
    """What lies outside, as a provider that the SDK doesn't know."""
    return ProviderInput(
        ProviderConfig(
            "outside",
            clients=[
                ProviderClientConfig(CLIENT_ID, CLIENT_SECRET, scope=["email"], force_pkce=True)
            ],
            authorization_endpoint=f"{origin}/authorize",
            token_endpoint=f"{origin}/token",
            user_info_endpoint=f"{origin}/account",
        )
    )


def start(framework, mode, connection_uri, outside):
    init(
        app_info=InputAppInfo(
            app_name="clients",
            api_domain="http://127.0.0.1",
            website_domain="http://localhost:3000",
        ),
        supertokens_config=SupertokensConfig(connection_uri, API_KEY),
        framework=framework,
        recipe_list=[
            accountlinking.init(should_do_automatic_account_linking=should_link),
            emailpassword.init(email_delivery=EmailDeliveryConfig(Mailbox())),
            emailverification.init("OPTIONAL", email_delivery=EmailDeliveryConfig(Mailbox())),
            thirdparty.init(SignInAndUpFeature([provider(outside)])),
            passwordless.init(
                contact_config=ContactEmailOrPhoneConfig(),
                flow_type="USER_INPUT_CODE_AND_MAGIC_LINK",
                email_delivery=EmailDeliveryConfig(Mailbox()),
            ),
            session.init(override=session.SessionOverrideConfig(functions=with_second_factor)),
            usermetadata.init(),
            userroles.init(),
            multifactorauth.init(),
            totp.init(),
            webauthn.init(
                WebauthnConfig(
                    get_relying_party_id=SITE, email_delivery=EmailDeliveryConfig(Mailbox())
                )
            ),
        ],
        mode=mode,
        telemetry=False,
    )
