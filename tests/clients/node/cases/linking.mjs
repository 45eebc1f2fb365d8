// Several login methods of one user, and what mails carry.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FrontEnd } from "../front-end.mjs";
import { AccountLinking, LINKED, MultiFactorAuth, ThirdParty, supertokens } from "../sdk.mjs";
import { throughProvider } from "./guide.mjs";
import { PASSWORD, newEmail, signedUp } from "./signed-up.mjs";

/** The token in the link of the newest mail of a kind to an address. */
function tokenFor(world, type, email) {
    const to = (mail) => mail.type === type && mail.user.email === email;
    const { passwordResetLink, emailVerifyLink } = world.outside.mails.findLast(to);
    return new URL(passwordResetLink ?? emailVerifyLink).searchParams.get("token");
}

/** Verifies the address of who is signed in by the link of a mail. */
async function verify(world, frontEnd, email) {
    const asked = await frontEnd.send("POST", "/auth/user/email/verify/token");
    assert.deepEqual(asked.body, { status: "OK" });
    const body = { method: "token", token: tokenFor(world, "EMAIL_VERIFICATION", email) };
    const verified = await frontEnd.send("POST", "/auth/user/email/verify", { body });
    assert.equal(verified.body.status, "OK", JSON.stringify(verified.body));
    const state = await frontEnd.send("GET", "/auth/user/email/verify");
    assert.deepEqual(state.body, { status: "OK", isVerified: true });
}

export function linking(world) {
    test("a forgotten password is reset by the link of a mail, once", async () => {
        const { email, userId } = await signedUp(world.origin);
        const frontEnd = new FrontEnd(world.origin);
        const post = async (path, body) => (await frontEnd.send("POST", path, { body })).body;
        const asked = { formFields: [{ id: "email", value: email }] };
        const sent = await post("/auth/user/password/reset/token", asked);
        assert.deepEqual(sent, { status: "OK" });
        const token = tokenFor(world, "PASSWORD_RESET", email);
        const formFields = [{ id: "password", value: "another1horse" }];
        const reset = () =>
            post("/auth/user/password/reset", { method: "token", token, formFields });
        assert.deepEqual(await reset(), { status: "OK" });
        assert.equal((await reset()).status, "RESET_PASSWORD_INVALID_TOKEN_ERROR");
        const signedIn = await frontEnd.sign("/auth/signin", email, "another1horse");
        assert.equal(signedIn.body.user.id, userId);
    });

    test("login methods are linked by the application, and apart again", async () => {
        const { userId } = await signedUp(world.origin);
        const email = newEmail();
        const account = { sub: `at-${email}`, email, email_verified: true };
        const own = new supertokens.RecipeUserId(userId);
        const { user } = await ThirdParty.manuallyCreateOrUpdateUser(
            "public",
            "outside",
            account.sub,
            email,
            true,
        );
        const other = user.loginMethods[0].recipeUserId;
        const early = await AccountLinking.linkAccounts(other, userId);
        assert.equal(early.status, "INPUT_USER_IS_NOT_A_PRIMARY_USER");
        const created = await AccountLinking.createPrimaryUser(own);
        assert.deepEqual([created.status, created.wasAlreadyAPrimaryUser], ["OK", false]);
        const may = await AccountLinking.canLinkAccounts(other, userId);
        assert.deepEqual(may, { status: "OK", accountsAlreadyLinked: false });
        const linked = await AccountLinking.linkAccounts(other, userId);
        assert.deepEqual([linked.status, linked.accountsAlreadyLinked], ["OK", false]);
        assert.equal(linked.user.loginMethods.length, 2);
        assert.equal((await supertokens.getUser(other.getAsString())).id, userId);

        world.outside.account = account;
        const { frontEnd } = await throughProvider(world);
        const me = await frontEnd.send("GET", "/me");
        assert.deepEqual(me.body, { userId, recipeUserId: other.getAsString() });
        const parted = await AccountLinking.unlinkAccount(other);
        const { status, wasLinked, wasRecipeUserDeleted } = parted;
        assert.deepEqual([status, wasLinked, wasRecipeUserDeleted], ["OK", true, false]);
        assert.equal((await frontEnd.refreshSession()).status, 401);
        assert.equal((await supertokens.getUser(other.getAsString())).loginMethods.length, 1);
    });

    test("a verified address links what a provider knows by it", async () => {
        const { frontEnd, email, userId } = await signedUp(world.origin, LINKED);
        world.outside.account = { sub: `at-${email}`, email, email_verified: true };
        await verify(world, frontEnd, email);
        const { body, frontEnd: second } = await throughProvider(world);
        assert.equal(body.user.id, userId);
        assert.equal(body.user.isPrimaryUser, true);
        const recipes = body.user.loginMethods.map((method) => method.recipeId);
        assert.deepEqual(recipes.sort(), ["emailpassword", "thirdparty"]);
        assert.equal((await second.send("GET", "/me")).body.userId, userId);
        await supertokens.deleteUser(userId);
        assert.equal(await supertokens.getUser(userId), undefined);
        const found = await supertokens.listUsersByAccountInfo("public", { email });
        assert.deepEqual(found, []);
    });

    test("a code by mail is a second factor, which the first sign-in with it adds", async () => {
        const { frontEnd, email, userId } = await signedUp(world.origin, LINKED);
        await verify(world, frontEnd, email);
        await MultiFactorAuth.addToRequiredSecondaryFactorsForUser(userId, "otp-email");
        await frontEnd.sign("/auth/signin", email, PASSWORD);
        const refused = await frontEnd.send("GET", "/me");
        assert.equal(refused.status, 403);
        assert.equal(refused.body.claimValidationErrors[0].id, "st-mfa");
        const { body: state } = await frontEnd.send("PUT", "/auth/mfa/info");
        assert.deepEqual(state.factors.next, ["otp-email"]);
        assert.deepEqual(state.emails["otp-email"], [email]);

        const post = async (path, body) => (await frontEnd.send("POST", path, { body })).body;
        const { deviceId, preAuthSessionId } = await post("/auth/signinup/code", { email });
        const { userInputCode } = world.outside.mails.findLast((mail) => mail.email === email);
        const body = { deviceId, preAuthSessionId, userInputCode };
        const added = await post("/auth/signinup/code/consume", body);
        assert.equal(added.status, "OK", JSON.stringify(added));
        assert.equal(added.user.id, userId);
        assert.equal(added.user.loginMethods.length, 2);
        assert.equal((await frontEnd.send("GET", "/me")).status, 200);
    });
}
