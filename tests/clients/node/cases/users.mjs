// Accounts: signing up and in, passwords, lists, deletion.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FrontEnd } from "../front-end.mjs";
import { EmailPassword, Session, UserMetadata, supertokens } from "../sdk.mjs";
import { PASSWORD, signedUp } from "./signed-up.mjs";

/** The ids of all users, page by page. */
async function walk(list, limit) {
    const ids = [];
    let paginationToken;
    do {
        const page = await list({ tenantId: "public", limit, paginationToken });
        assert.ok(page.users.length <= limit);
        ids.push(...page.users.map((user) => user.id));
        paginationToken = page.nextPaginationToken;
    } while (paginationToken);
    return ids;
}

export function users(world) {
    test("a user signs up once, in by the right password only, and out", async () => {
        const { email, userId } = await signedUp(world.origin);
        const again = await new FrontEnd(world.origin).sign("/auth/signup", email, PASSWORD);
        assert.equal(again.body.status, "FIELD_ERROR");
        const wrong = await new FrontEnd(world.origin).sign("/auth/signin", email, "wrong1horse");
        assert.equal(wrong.body.status, "WRONG_CREDENTIALS_ERROR");
        const frontEnd = new FrontEnd(world.origin);
        const right = await frontEnd.sign("/auth/signin", email, PASSWORD);
        assert.equal(right.body.user.id, userId);
        const me = await frontEnd.send("GET", "/me");
        assert.deepEqual(me, { status: 200, body: { userId, recipeUserId: userId } });
        assert.equal((await new FrontEnd(world.origin).send("GET", "/me")).status, 401);
        assert.equal((await Session.getAllSessionHandlesForUser(userId)).length, 2);
        await frontEnd.send("POST", "/auth/signout");
        assert.equal((await Session.getAllSessionHandlesForUser(userId)).length, 1);
    });

    test("metadata is merged, and null removes a key", async () => {
        const { userId } = await signedUp(world.origin);
        await UserMetadata.updateUserMetadata(userId, { a: 1, b: { c: [null] } });
        const { metadata } = await UserMetadata.updateUserMetadata(userId, { a: null, d: "ä" });
        assert.deepEqual(metadata, { b: { c: [null] }, d: "ä" });
        await UserMetadata.clearUserMetadata(userId);
        assert.deepEqual((await UserMetadata.getUserMetadata(userId)).metadata, {});
    });

    test("a password is reset by a token that works once", async () => {
        const { email, userId } = await signedUp(world.origin);
        const created = await EmailPassword.createResetPasswordToken("public", userId, email);
        const reset = () =>
            EmailPassword.resetPasswordUsingToken("public", created.token, "another1horse");
        assert.equal((await reset()).status, "OK");
        assert.equal((await reset()).status, "RESET_PASSWORD_INVALID_TOKEN_ERROR");
        const signIn = (password) => EmailPassword.signIn("public", email, password);
        assert.equal((await signIn(PASSWORD)).status, "WRONG_CREDENTIALS_ERROR");
        assert.equal((await signIn("another1horse")).user.id, userId);
    });

    test("an address and a password are changed, but not to another's address", async () => {
        const [first, second] = [await signedUp(world.origin), await signedUp(world.origin)];
        const recipeUserId = new supertokens.RecipeUserId(first.userId);
        const change = (input) => EmailPassword.updateEmailOrPassword({ recipeUserId, ...input });
        const taken = await change({ email: second.email });
        assert.equal(taken.status, "EMAIL_ALREADY_EXISTS_ERROR");
        const [email, password] = [`new-${first.email}`, "another1horse"];
        assert.equal((await change({ email, password })).status, "OK");
        const signedIn = await EmailPassword.signIn("public", email, password);
        assert.equal(signedIn.user.id, first.userId);
    });

    test("users are paged through in both orders", async () => {
        const before = await supertokens.getUserCount(undefined, "public");
        const joined = [];
        for (let i = 0; i < 5; i += 1) joined.push((await signedUp(world.origin)).userId);
        assert.equal(await supertokens.getUserCount(undefined, "public"), before + 5);
        for (const limit of [1, 2, 500]) {
            const newest = await walk(supertokens.getUsersNewestFirst, limit);
            const oldest = await walk(supertokens.getUsersOldestFirst, limit);
            assert.equal(new Set(newest).size, before + 5);
            assert.deepEqual(newest, oldest.toReversed());
            assert.deepEqual(oldest.slice(-5), joined);
        }
    });

    test("a user is found, and deleted with its sessions", async () => {
        const { frontEnd, email, userId } = await signedUp(world.origin);
        const found = await supertokens.listUsersByAccountInfo("public", { email });
        assert.deepEqual(found.map((user) => user.id), [userId]);
        await supertokens.deleteUser(userId);
        assert.equal(await supertokens.getUser(userId), undefined);
        assert.equal((await frontEnd.refreshSession()).status, 401);
        const again = await new FrontEnd(world.origin).sign("/auth/signup", email, PASSWORD);
        assert.equal(again.body.status, "OK");
    });
}
