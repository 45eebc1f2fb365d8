// The reference's SDK, set up once a process, with the recipes that the cases use.
import { createRequire } from "node:module";
import { API_KEY } from "./core.mjs";

const require = createRequire(import.meta.url);
export const supertokens = require("supertokens-node");
export const Session = require("supertokens-node/recipe/session");
export const EmailPassword = require("supertokens-node/recipe/emailpassword");
export const UserMetadata = require("supertokens-node/recipe/usermetadata");
export const UserRoles = require("supertokens-node/recipe/userroles");
export { require };

export function init(framework, connectionURI, origin) {
    supertokens.init({
        framework,
        supertokens: { connectionURI, apiKey: API_KEY },
        appInfo: { appName: "clients", apiDomain: origin, websiteDomain: "http://localhost:3000" },
        recipeList: [
            EmailPassword.init(),
            Session.init(),
            UserMetadata.init(),
            UserRoles.init(),
        ],
        telemetry: false,
    });
}
