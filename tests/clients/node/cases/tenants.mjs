// Tenants: made, changed, used, left and deleted; and an app beside the first one.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { API_KEY } from "../core.mjs";
import { FrontEnd } from "../front-end.mjs";
import { CLIENT } from "../outside.mjs";
import { AccountLinking, EmailPassword, EmailVerification, Multitenancy } from "../sdk.mjs";
import { Passwordless, Session, supertokens } from "../sdk.mjs";
import { throughProvider } from "./guide.mjs";
import { PASSWORD, newEmail, signedUp } from "./signed-up.mjs";

let count = 0;

/** A tenant that wasn't there, and what is set for it. */
async function newTenant(config = { firstFactors: ["emailpassword"] }) {
    const tenantId = `tenant-${(count += 1)}`;
    const made = await Multitenancy.createOrUpdateTenant(tenantId, config);
    assert.deepEqual(made, { status: "OK", createdNew: true });
    return tenantId;
}

/** Signs up or in, by `signup` or `signin`, in a tenant. */
async function sign(world, tenantId, how, email) {
    const frontEnd = new FrontEnd(world.origin);
    const { body } = await frontEnd.sign(`/auth/${tenantId}/${how}`, email, PASSWORD);
    return { frontEnd, body };
}

async function loginMethods(world, tenantId) {
    const path = `/auth/${tenantId}/loginmethods`;
    const { status, body } = await new FrontEnd(world.origin).send("GET", path);
    assert.equal(status, 200);
    assert.equal(body.status, "OK");
    return body;
}

/** The ids of everybody in a tenant, of whom there are few. */
async function everybody(tenantId) {
    const { users } = await supertokens.getUsersOldestFirst({ tenantId });
    assert.equal(await supertokens.getUserCount(undefined, tenantId), users.length);
    return users.map((user) => user.id);
}

export function tenants(world) {
    test("a tenant is made, changed, listed and deleted", async () => {
        const tenantId = await newTenant({
            firstFactors: ["emailpassword", "otp-email"],
            requiredSecondaryFactors: ["totp"],
            coreConfig: { email_verification_token_lifetime: 7_200_000 },
        });
        const made = await Multitenancy.getTenant(tenantId);
        assert.deepEqual(made.firstFactors, ["emailpassword", "otp-email"]);
        assert.deepEqual(made.requiredSecondaryFactors, ["totp"]);
        assert.equal(made.coreConfig.email_verification_token_lifetime, 7_200_000);
        assert.deepEqual(made.thirdParty.providers, []);
        const changed = await Multitenancy.createOrUpdateTenant(tenantId, {
            firstFactors: ["thirdparty"],
            requiredSecondaryFactors: null,
            coreConfig: { email_verification_token_lifetime: null },
        });
        assert.equal(changed.createdNew, false);
        const { status, tenants } = await Multitenancy.listAllTenants();
        assert.equal(status, "OK");
        const ids = tenants.map((tenant) => tenant.tenantId);
        assert.ok(ids.includes("public"));
        const listed = tenants.find((tenant) => tenant.tenantId === tenantId);
        assert.deepEqual(listed.firstFactors, ["thirdparty"]);
        assert.equal(listed.requiredSecondaryFactors, undefined);
        assert.equal(listed.coreConfig.email_verification_token_lifetime, undefined);
        const remove = () => Multitenancy.deleteTenant(tenantId);
        assert.deepEqual(await remove(), { status: "OK", didExist: true });
        assert.deepEqual(await remove(), { status: "OK", didExist: false });
        assert.equal(await Multitenancy.getTenant(tenantId), undefined);
        await assert.rejects(Multitenancy.deleteTenant("public"), /403/);
        await assert.rejects(Multitenancy.createOrUpdateTenant("no spaces", {}), /400/);
        const unknown = { coreConfig: { no_such_setting: 1 } };
        await assert.rejects(Multitenancy.createOrUpdateTenant(tenantId, unknown), /400/);
    });

    test("a tenant offers its own ways to sign in, and its own providers", async () => {
        const tenantId = await newTenant({ firstFactors: ["thirdparty", "otp-phone"] });
        let offered = await loginMethods(world, tenantId);
        assert.deepEqual(offered.firstFactors, ["thirdparty", "otp-phone"]);
        assert.equal(offered.emailPassword.enabled, false);
        assert.equal(offered.passwordless.enabled, true);
        assert.deepEqual(offered.thirdParty, { enabled: true, providers: [] });
        const refused = await new FrontEnd(world.origin).send(
            "POST",
            `/auth/${tenantId}/signinup/code`,
            { body: { email: newEmail() } },
        );
        assert.notEqual(refused.body.status, "OK", "only codes to a number are offered");

        // All else is as the application has it for this provider.
        const config = {
            thirdPartyId: "outside",
            name: "Outside",
            clients: [{ ...CLIENT, scope: ["email"] }],
        };
        const set = () => Multitenancy.createOrUpdateThirdPartyConfig(tenantId, config);
        assert.deepEqual(await set(), { status: "OK", createdNew: true });
        assert.deepEqual(await set(), { status: "OK", createdNew: false });
        offered = await loginMethods(world, tenantId);
        assert.deepEqual(offered.thirdParty.providers, [{ id: "outside", name: "Outside" }]);
        const stored = await Multitenancy.getTenant(tenantId);
        assert.equal(stored.thirdParty.providers[0].clients[0].clientId, CLIENT.clientId);

        const email = newEmail();
        world.outside.account = { sub: `at-${email}`, email, email_verified: true };
        const { frontEnd, body } = await throughProvider(world, tenantId);
        assert.deepEqual(body.user.tenantIds, [tenantId]);
        assert.equal(frontEnd.claims().tId, tenantId);
        const elsewhere = await throughProvider(world);
        assert.notEqual(elsewhere.body.user.id, body.user.id);

        const remove = () => Multitenancy.deleteThirdPartyConfig(tenantId, "outside");
        assert.deepEqual(await remove(), { status: "OK", didConfigExist: true });
        assert.deepEqual(await remove(), { status: "OK", didConfigExist: false });
        assert.deepEqual((await loginMethods(world, tenantId)).thirdParty.providers, []);
    });

    test("users, sessions and codes of one tenant are of no use in another", async () => {
        const [one, two] = [await newTenant(), await newTenant()];
        const email = newEmail();
        const { frontEnd, body } = await sign(world, one, "signup", email);
        assert.equal(body.status, "OK", JSON.stringify(body));
        assert.equal(frontEnd.claims().tId, one);
        assert.deepEqual(body.user.tenantIds, [one]);
        assert.equal((await frontEnd.send("GET", "/me")).body.userId, body.user.id);
        assert.equal((await frontEnd.refreshSession()).status, 200);
        assert.equal(frontEnd.claims().tId, one);
        for (const other of [two, "public"]) {
            const { body: refused } = await sign(world, other, "signin", email);
            assert.equal(refused.status, "WRONG_CREDENTIALS_ERROR");
            assert.deepEqual(await supertokens.listUsersByAccountInfo(other, { email }), []);
        }
        const { body: second } = await sign(world, two, "signup", email);
        assert.notEqual(second.user.id, body.user.id);
        assert.deepEqual(await everybody(one), [body.user.id]);
        assert.deepEqual(await everybody(two), [second.user.id]);
        const found = await supertokens.getUsersNewestFirst({ tenantId: one, query: { email } });
        assert.deepEqual(found.users.map((user) => user.id), [body.user.id]);

        const recipeUserId = new supertokens.RecipeUserId(body.user.id);
        const proof = await EmailVerification.createEmailVerificationToken(one, recipeUserId);
        const verify = (tenantId) =>
            EmailVerification.verifyEmailUsingToken(tenantId, proof.token);
        assert.equal((await verify(two)).status, "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR");
        assert.equal((await verify(one)).status, "OK");
        const code = await Passwordless.createCode({ tenantId: one, email });
        const consume = (tenantId) =>
            Passwordless.consumeCode({
                tenantId,
                preAuthSessionId: code.preAuthSessionId,
                linkCode: code.linkCode,
            });
        assert.equal((await consume(two)).status, "RESTART_FLOW_ERROR");
        assert.equal((await consume(one)).status, "OK");
        const handles = (tenantId) =>
            Session.getAllSessionHandlesForUser(body.user.id, true, tenantId);
        assert.deepEqual([(await handles(one)).length, (await handles(two)).length], [1, 0]);
    });

    test("a user is let into a tenant and out of it", async () => {
        const tenantId = await newTenant();
        const { email, userId } = await signedUp(world.origin);
        const recipeUserId = new supertokens.RecipeUserId(userId);
        const associate = (id = recipeUserId) => Multitenancy.associateUserToTenant(tenantId, id);
        const before = await supertokens.getUserCount();
        assert.deepEqual(await associate(), { status: "OK", wasAlreadyAssociated: false });
        assert.deepEqual(await associate(), { status: "OK", wasAlreadyAssociated: true });
        const { frontEnd, body } = await sign(world, tenantId, "signin", email);
        assert.equal(body.user.id, userId);
        assert.equal(frontEnd.claims().tId, tenantId);
        assert.deepEqual(body.user.tenantIds.toSorted(), ["public", tenantId]);
        assert.deepEqual(await everybody(tenantId), [userId]);
        assert.equal(await supertokens.getUserCount(), before, "it is one user");
        const leave = () => Multitenancy.disassociateUserFromTenant(tenantId, recipeUserId);
        assert.deepEqual(await leave(), { status: "OK", wasAssociated: true });
        assert.deepEqual(await leave(), { status: "OK", wasAssociated: false });
        assert.deepEqual(await everybody(tenantId), []);
        assert.equal((await frontEnd.refreshSession()).status, 401);
        const { body: refused } = await sign(world, tenantId, "signin", email);
        assert.equal(refused.status, "WRONG_CREDENTIALS_ERROR");

        const nobody = await associate(new supertokens.RecipeUserId("nobody"));
        assert.equal(nobody.status, "UNKNOWN_USER_ID_ERROR");
        const { body: other } = await sign(world, tenantId, "signup", email);
        assert.equal((await associate()).status, "EMAIL_ALREADY_EXISTS_ERROR");
        await supertokens.deleteUser(other.user.id);
        // Of two users that other login methods may join, one may have an address.
        const { user } = await Passwordless.signInUp({ tenantId, email });
        await AccountLinking.createPrimaryUser(user.loginMethods[0].recipeUserId);
        await AccountLinking.createPrimaryUser(recipeUserId);
        const { status, reason } = await associate();
        assert.equal(status, "ASSOCIATION_NOT_ALLOWED_ERROR");
        assert.match(reason, /email is already associated/);
    });

    test("a tenant that is deleted leaves its users in their other tenants", async () => {
        const tenantId = await newTenant();
        const { email, userId } = await signedUp(world.origin);
        const recipeUserId = new supertokens.RecipeUserId(userId);
        await Multitenancy.associateUserToTenant(tenantId, recipeUserId);
        const { frontEnd } = await sign(world, tenantId, "signin", email);
        await Multitenancy.deleteTenant(tenantId);
        assert.equal((await frontEnd.refreshSession()).status, 401);
        assert.deepEqual((await supertokens.getUser(userId)).tenantIds, ["public"]);
        assert.equal((await sign(world, "public", "signin", email)).body.status, "OK");
        await assert.rejects(EmailPassword.signIn(tenantId, email, PASSWORD), /400/);
        const left = Multitenancy.associateUserToTenant(tenantId, recipeUserId);
        await assert.rejects(left, /400/);
    });

    test("an app beside the first has its own users, tenants and keys", async () => {
        const headers = { "api-key": API_KEY, "content-type": "application/json" };
        const ask = async (path, method, body) => {
            const response = await fetch(world.connectionURI + path, {
                method,
                headers,
                body: JSON.stringify(body),
            });
            assert.equal(response.status, 200);
            return response.json();
        };
        const path = "/recipe/multitenancy/app";
        const appId = "beside";
        const made = await ask(`${path}/v2`, "PUT", { appId, firstFactors: null });
        assert.deepEqual(made, { status: "OK", createdNew: true });
        const email = newEmail();
        const { body } = await sign(world, "public", "signup", email);
        const script = ["second-app.mjs", `${world.connectionURI}/appid-${appId}`, email];
        const { stdout } = await promisify(execFile)(process.execPath, script);
        const beside = JSON.parse(stdout);
        assert.equal(beside.signedUp.status, "OK");
        assert.notEqual(beside.signedUp.user.id, body.user.id);
        assert.equal(beside.count, 1);
        assert.deepEqual(beside.tenants, ["here", "public"]);
        assert.equal(await supertokens.getUser(beside.signedUp.user.id), undefined);
        assert.equal(await Multitenancy.getTenant("here"), undefined);
        const foreign = await Session.getSessionWithoutRequestResponse(
            beside.accessToken,
            undefined,
            { sessionRequired: false },
        ).catch((error) => error.type);
        assert.equal(foreign, "TRY_REFRESH_TOKEN", "it is signed by another app's key");
        // Its tenants have to go first.
        await ask(`/appid-${appId}/recipe/multitenancy/tenant/remove`, "POST", { tenantId: "here" });
        assert.deepEqual(await ask(`${path}/remove`, "POST", { appId }), {
            status: "OK",
            didExist: true,
        });
    });
}
