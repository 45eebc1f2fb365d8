// The SDK on another app of the core, whose address is the first argument: signs somebody up by the
// address that is the second, and tells what is there.
import supertokens from "supertokens-node/index.js";
import EmailPassword from "supertokens-node/recipe/emailpassword/index.js";
import Multitenancy from "supertokens-node/recipe/multitenancy/index.js";
import Session from "supertokens-node/recipe/session/index.js";
import { API_KEY } from "./core.mjs";

const [connectionURI, email] = process.argv.slice(2);
supertokens.init({
    supertokens: { connectionURI, apiKey: API_KEY },
    appInfo: {
        appName: "second",
        apiDomain: "http://127.0.0.1",
        websiteDomain: "http://localhost:3000",
    },
    recipeList: [EmailPassword.init(), Session.init()],
    telemetry: false,
});
await Multitenancy.createOrUpdateTenant("here", { firstFactors: ["emailpassword"] });
const signedUp = await EmailPassword.signUp("here", email, "correct1horse");
const session = await Session.createNewSessionWithoutRequestResponse(
    "here",
    signedUp.user.loginMethods[0].recipeUserId,
);
const { tenants } = await Multitenancy.listAllTenants();
const told = {
    signedUp: { status: signedUp.status, user: { id: signedUp.user.id } },
    accessToken: session.getAccessToken(),
    count: await supertokens.getUserCount(),
    tenants: tenants.map((tenant) => tenant.tenantId).sort(),
};
process.stdout.write(JSON.stringify(told));
