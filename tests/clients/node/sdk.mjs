// The reference's SDK, set up once a process, with the recipes that the cases use.
import { createRequire } from "node:module";
import { API_KEY } from "./core.mjs";

const require = createRequire(import.meta.url);
export const supertokens = require("supertokens-node");
export const Session = require("supertokens-node/recipe/session");
export const EmailPassword = require("supertokens-node/recipe/emailpassword");
export const EmailVerification = require("supertokens-node/recipe/emailverification");
export const MultiFactorAuth = require("supertokens-node/recipe/multifactorauth");
export const Passwordless = require("supertokens-node/recipe/passwordless");
export const ThirdParty = require("supertokens-node/recipe/thirdparty");
export const Totp = require("supertokens-node/recipe/totp");
export const UserMetadata = require("supertokens-node/recipe/usermetadata");
export const UserRoles = require("supertokens-node/recipe/userroles");
const { PrimitiveClaim } = require("supertokens-node/recipe/session/claims");
export { require };

export const LevelClaim = new PrimitiveClaim({ key: "level", fetchValue: () => 1 });

/** Mails with codes; the last one is the newest. */
export const mails = [];

const sendEmail = async (mail) => void mails.push(mail);

/** What a route asks for besides a session. */
export const guards = {
    "/write": UserRoles.PermissionClaim.validators.includes("write"),
    "/level-two": LevelClaim.validators.hasValue(2),
};

/** What a route does with the session. */
export const actions = {
    "/fetch-permissions": (session) => session.fetchAndSetClaim(UserRoles.PermissionClaim),
    "/level-up": (session) => session.setClaimValue(LevelClaim, 2),
};

export function init(framework, connectionURI, origin) {
    supertokens.init({
        framework,
        supertokens: { connectionURI, apiKey: API_KEY },
        appInfo: { appName: "clients", apiDomain: origin, websiteDomain: "http://localhost:3000" },
        recipeList: [
            EmailPassword.init(),
            EmailVerification.init({ mode: "OPTIONAL" }),
            ThirdParty.init({
                signInAndUpFeature: {
                    providers: [
                        { config: { thirdPartyId: "google", clients: [{ clientId: "clients" }] } },
                    ],
                },
            }),
            Passwordless.init({
                contactMethod: "EMAIL_OR_PHONE",
                flowType: "USER_INPUT_CODE_AND_MAGIC_LINK",
                emailDelivery: { service: { sendEmail } },
            }),
            Session.init(),
            UserMetadata.init(),
            UserRoles.init(),
            MultiFactorAuth.init(),
            Totp.init(),
        ],
        telemetry: false,
    });
}
