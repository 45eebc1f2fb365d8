// What an application on the SDK does, whatever its framework.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FrontEnd } from "./front-end.mjs";
import { EmailPassword, Session, UserMetadata, UserRoles, supertokens } from "./sdk.mjs";

const PASSWORD = "correct1horse";
let count = 0;

/** A new user, signed in. */
async function signedUp(origin) {
    const frontEnd = new FrontEnd(origin);
    const email = `user-${(count += 1)}@example.com`;
    const { status, body } = await frontEnd.sign("/auth/signup", email, PASSWORD);
    assert.equal(status, 200);
    assert.equal(body.status, "OK", JSON.stringify(body));
    return { frontEnd, email, userId: body.user.id };
}

/** Defines every case for an application at `origin()`. */
export function cases(origin) {
    test("a user signs up once, and in by the right password only", async () => {
        const { email, userId } = await signedUp(origin());
        const again = await new FrontEnd(origin()).sign("/auth/signup", email, PASSWORD);
        assert.equal(again.body.status, "FIELD_ERROR");
        const wrong = await new FrontEnd(origin()).sign("/auth/signin", email, "wrong1horse");
        assert.equal(wrong.body.status, "WRONG_CREDENTIALS_ERROR");
        const frontEnd = new FrontEnd(origin());
        const right = await frontEnd.sign("/auth/signin", email, PASSWORD);
        assert.equal(right.body.user.id, userId);
        const me = await frontEnd.send("GET", "/me");
        assert.deepEqual(me, { status: 200, body: { userId, recipeUserId: userId } });
        assert.equal((await new FrontEnd(origin()).send("GET", "/me")).status, 401);
    });

    test("a session is refreshed, and a token used twice is theft and ends it", async () => {
        const { frontEnd, userId } = await signedUp(origin());
        const stolen = frontEnd.refresh;
        assert.equal((await frontEnd.refreshSession()).status, 200);
        // Used before a child of it was: two tabs that race.
        assert.equal((await frontEnd.refreshSession(stolen)).status, 200);
        assert.equal((await frontEnd.send("GET", "/me")).status, 200);
        assert.equal((await frontEnd.refreshSession()).status, 200);
        assert.equal((await new FrontEnd(origin()).refreshSession(stolen)).status, 401);
        assert.deepEqual(await Session.getAllSessionHandlesForUser(userId), []);
    });

    test("a session keeps claims and data, and is revoked", async () => {
        const { frontEnd, userId } = await signedUp(origin());
        const [handle] = await Session.getAllSessionHandlesForUser(userId);
        assert.equal(await Session.mergeIntoAccessTokenPayload(handle, { level: 2 }), true);
        assert.equal(await Session.updateSessionDataInDatabase(handle, { note: null }), true);
        const information = await Session.getSessionInformation(handle);
        assert.equal(information.customClaimsInAccessTokenPayload.level, 2);
        assert.deepEqual(information.sessionDataInDatabase, { note: null });
        await frontEnd.refreshSession();
        const claims = JSON.parse(Buffer.from(frontEnd.access.split(".")[1], "base64url"));
        assert.equal(claims.level, 2);
        assert.deepEqual(await Session.revokeAllSessionsForUser(userId), [handle]);
        assert.equal((await frontEnd.refreshSession()).status, 401);
    });

    test("a permission of a role opens a route", async () => {
        const { frontEnd, userId } = await signedUp(origin());
        const refused = await frontEnd.send("GET", "/write");
        assert.equal(refused.status, 403);
        assert.equal(refused.body.claimValidationErrors[0].id, "st-perm");
        const created = await UserRoles.createNewRoleOrAddPermissions("editor", ["write"]);
        assert.equal(created.status, "OK");
        const added = await UserRoles.addRoleToUser("public", userId, "editor");
        assert.deepEqual(added, { status: "OK", didUserAlreadyHaveRole: false });
        const unknown = await UserRoles.addRoleToUser("public", userId, "nobody");
        assert.deepEqual(unknown, { status: "UNKNOWN_ROLE_ERROR" });
        const { roles } = await UserRoles.getRolesForUser("public", userId);
        assert.deepEqual(roles, ["editor"]);
        await frontEnd.send("POST", "/fetch-permissions");
        assert.equal((await frontEnd.send("GET", "/write")).status, 200);
        assert.equal((await UserRoles.deleteRole("editor")).didRoleExist, true);
        assert.deepEqual((await UserRoles.getRolesForUser("public", userId)).roles, []);
    });

    test("metadata is merged, and null removes a key", async () => {
        const { userId } = await signedUp(origin());
        await UserMetadata.updateUserMetadata(userId, { a: 1, b: { c: [null] } });
        const { metadata } = await UserMetadata.updateUserMetadata(userId, { a: null, d: "ä" });
        assert.deepEqual(metadata, { b: { c: [null] }, d: "ä" });
        await UserMetadata.clearUserMetadata(userId);
        assert.deepEqual((await UserMetadata.getUserMetadata(userId)).metadata, {});
    });

    test("a password is reset by a token that works once", async () => {
        const { email, userId } = await signedUp(origin());
        const created = await EmailPassword.createResetPasswordToken("public", userId, email);
        const reset = () =>
            EmailPassword.resetPasswordUsingToken("public", created.token, "another1horse");
        assert.equal((await reset()).status, "OK");
        assert.equal((await reset()).status, "RESET_PASSWORD_INVALID_TOKEN_ERROR");
        const signIn = (password) => EmailPassword.signIn("public", email, password);
        assert.equal((await signIn(PASSWORD)).status, "WRONG_CREDENTIALS_ERROR");
        assert.equal((await signIn("another1horse")).user.id, userId);
    });

    test("users are paged through, found and deleted", async () => {
        const before = await supertokens.getUserCount();
        const users = [];
        for (let i = 0; i < 3; i += 1) users.push(await signedUp(origin()));
        assert.equal(await supertokens.getUserCount(), before + 3);
        const walked = [];
        let paginationToken;
        do {
            const page = await supertokens.getUsersNewestFirst({
                tenantId: "public",
                limit: 2,
                paginationToken,
            });
            assert.ok(page.users.length <= 2);
            walked.push(...page.users.map((user) => user.id));
            paginationToken = page.nextPaginationToken;
        } while (paginationToken);
        assert.equal(walked.length, before + 3);
        assert.equal(new Set(walked).size, walked.length);
        const [{ frontEnd, email, userId }] = users;
        const found = await supertokens.listUsersByAccountInfo("public", { email });
        assert.deepEqual(found.map((user) => user.id), [userId]);
        await supertokens.deleteUser(userId);
        assert.equal(await supertokens.getUser(userId), undefined);
        assert.equal((await frontEnd.refreshSession()).status, 401);
        assert.equal(await supertokens.getUserCount(), before + 2);
    });
}
