// The reference's SDK, set up once a process, with the recipes that the cases use.
import supertokens from "supertokens-node/index.js";
import AccountLinking from "supertokens-node/recipe/accountlinking/index.js";
import EmailPassword from "supertokens-node/recipe/emailpassword/index.js";
import EmailVerification from "supertokens-node/recipe/emailverification/index.js";
import MultiFactorAuth from "supertokens-node/recipe/multifactorauth/index.js";
import Multitenancy from "supertokens-node/recipe/multitenancy/index.js";
import Passwordless from "supertokens-node/recipe/passwordless/index.js";
import Session from "supertokens-node/recipe/session/index.js";
import sessionClaims from "supertokens-node/recipe/session/claims.js";
import ThirdParty from "supertokens-node/recipe/thirdparty/index.js";
import Totp from "supertokens-node/recipe/totp/index.js";
import UserMetadata from "supertokens-node/recipe/usermetadata/index.js";
import UserRoles from "supertokens-node/recipe/userroles/index.js";
import WebAuthn from "supertokens-node/recipe/webauthn/index.js";
import { SITE } from "./authenticator.mjs";
import { API_KEY } from "./core.mjs";
import { CLIENT } from "./outside.mjs";

const { BooleanClaim, PrimitiveClaim } = sessionClaims;
export { AccountLinking, EmailPassword, EmailVerification, MultiFactorAuth, Multitenancy };
export { Passwordless, Session, ThirdParty, Totp, UserMetadata, UserRoles, WebAuthn, supertokens };

/** Login methods with an address of this domain belong together, once the address is verified. */
export const LINKED = "linked.example.com";

const shouldDoAutomaticAccountLinking = async ({ email }) =>
    email?.endsWith(`@${LINKED}`)
        ? { shouldAutomaticallyLink: true, shouldRequireVerification: true }
        : { shouldAutomaticallyLink: false };

export const LevelClaim = new PrimitiveClaim({ key: "level", fetchValue: () => 1 });

/** Says whether the second factor is done. */
export const SecondFactorClaim = new BooleanClaim({ key: "2fa-completed", fetchValue: () => false });

/** Starts every session with a second factor that is still to do. */
function withSecondFactor(original) {
    return {
        ...original,
        async createNewSession(input) {
            const { userId, recipeUserId, tenantId, userContext } = input;
            const claim = await SecondFactorClaim.build(
                userId,
                recipeUserId,
                tenantId,
                input.accessTokenPayload,
                userContext,
            );
            const accessTokenPayload = { ...input.accessTokenPayload, ...claim };
            return original.createNewSession({ ...input, accessTokenPayload });
        },
    };
}

/** What lies outside: its provider, as one that the SDK doesn't know. */
function provider(origin) {
    return {
        config: {
            thirdPartyId: "outside",
            clients: [{ ...CLIENT, scope: ["email"] }],
            authorizationEndpoint: `${origin}/authorize`,
            tokenEndpoint: `${origin}/token`,
            userInfoEndpoint: `${origin}/account`,
            forcePKCE: true,
            // Without an id token, its `email_verified` would be taken for "no".
            userInfoMap: { fromIdTokenPayload: { emailVerified: undefined } },
        },
    };
}

/** Sets up the SDK for a core, and for what lies outside at an address. */
export function init(framework, connectionURI, outside) {
    const sendEmail = async ({ userContext, ...mail }) => {
        await fetch(`${outside}/mails`, { method: "POST", body: JSON.stringify(mail) });
    };
    const emailDelivery = { service: { sendEmail } };
    supertokens.init({
        framework,
        supertokens: { connectionURI, apiKey: API_KEY },
        appInfo: {
            appName: "clients",
            apiDomain: "http://127.0.0.1",
            websiteDomain: "http://localhost:3000",
        },
        recipeList: [
            AccountLinking.init({ shouldDoAutomaticAccountLinking }),
            EmailPassword.init({ emailDelivery }),
            EmailVerification.init({ mode: "OPTIONAL", emailDelivery }),
            ThirdParty.init({ signInAndUpFeature: { providers: [provider(outside)] } }),
            Passwordless.init({
                contactMethod: "EMAIL_OR_PHONE",
                flowType: "USER_INPUT_CODE_AND_MAGIC_LINK",
                emailDelivery,
            }),
            Session.init({ override: { functions: withSecondFactor } }),
            UserMetadata.init(),
            UserRoles.init(),
            MultiFactorAuth.init(),
            Totp.init(),
            WebAuthn.init({ getRelyingPartyId: SITE, emailDelivery }),
        ],
        telemetry: false,
    });
}
