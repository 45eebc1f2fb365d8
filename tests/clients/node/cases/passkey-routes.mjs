// Passkeys: made, used, added, removed and recovered, by the SDK's routes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Authenticator, EDDSA, ES256, SITE } from "../authenticator.mjs";
import { FrontEnd } from "../front-end.mjs";
import { newEmail } from "./signed-up.mjs";

async function post(frontEnd, path, body) {
    const answer = await frontEnd.send("POST", `/auth${path}`, { body });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body;
}

/** Makes a passkey by options for an address or a token, and sends it to a route. */
async function make(frontEnd, authenticator, whom, path, more) {
    const options = await post(frontEnd, "/webauthn/options/register", whom);
    assert.equal(options.status, "OK", JSON.stringify(options));
    const { webauthnGeneratedOptionsId } = options;
    const credential = authenticator.create(options);
    return post(frontEnd, path, { webauthnGeneratedOptionsId, credential, ...more });
}

/** Signs in; `change` is what the browser is told otherwise than it was answered. */
async function use(frontEnd, authenticator, change) {
    const options = await post(frontEnd, "/webauthn/options/signin", {});
    const { status, webauthnGeneratedOptionsId } = options;
    assert.equal(status, "OK", JSON.stringify(options));
    const credential = authenticator.get({ ...options, ...change });
    const body = { webauthnGeneratedOptionsId, credential };
    return { body, answer: await post(frontEnd, "/webauthn/signin", body) };
}

export function passkeyRoutes(world) {
    test("a passkey signs up, in, and is managed by the routes", async () => {
        const [email, frontEnd] = [newEmail(), new FrontEnd(world.origin)];
        const exists = async () => {
            const path = `/auth/webauthn/email/exists?email=${encodeURIComponent(email)}`;
            return (await frontEnd.send("GET", path)).body;
        };
        assert.deepEqual(await exists(), { status: "OK", exists: false });
        const first = new Authenticator(EDDSA, { counts: true });
        const made = await make(frontEnd, first, { email }, "/webauthn/signup");
        assert.equal(made.status, "OK", JSON.stringify(made));
        assert.deepEqual(made.user.webauthn.credentialIds, [first.credentialId]);
        assert.deepEqual(await exists(), { status: "OK", exists: true });
        const me = (await frontEnd.send("GET", "/me")).body;
        assert.equal(me.userId, made.user.id);
        const { recipeUserId } = me;

        const { body, answer } = await use(new FrontEnd(world.origin), first);
        assert.equal(answer.user?.id, made.user.id, JSON.stringify(answer));
        const another = new FrontEnd(world.origin);
        const wrong = { status: "INVALID_CREDENTIALS_ERROR" };
        const { challenge } = await post(another, "/webauthn/options/signin", {});
        assert.deepEqual((await use(another, first, { challenge })).answer, wrong);
        assert.equal(another.access, undefined);

        const second = new Authenticator(ES256);
        const adding = ["/webauthn/credential", { recipeUserId }];
        const added = await make(frontEnd, second, { email }, ...adding);
        assert.deepEqual(added, { status: "OK" });
        const listed = (await frontEnd.send("GET", "/auth/webauthn/credential/list")).body;
        assert.equal(listed.status, "OK", JSON.stringify(listed));
        const ids = listed.credentials.map(({ webauthnCredentialId }) => webauthnCredentialId);
        assert.deepEqual(ids.sort(), [first.credentialId, second.credentialId].sort());
        const [one] = listed.credentials;
        assert.deepEqual([one.recipeUserId, one.relyingPartyId], [recipeUserId, SITE]);
        const removing = { webauthnCredentialId: first.credentialId };
        const removed = await post(frontEnd, "/webauthn/credential/remove", removing);
        assert.deepEqual(removed, { status: "OK" });
        assert.deepEqual((await use(another, first)).answer, wrong);
        assert.deepEqual(await post(another, "/webauthn/signin", body), wrong, "a replay");
        assert.equal((await use(another, second)).answer.status, "OK");
        for (const [method, path] of [
            ["POST", "/credential"],
            ["GET", "/credential/list"],
            ["POST", "/credential/remove"],
        ]) {
            const nobody = new FrontEnd(world.origin);
            const answer = await nobody.send(method, `/auth/webauthn${path}`);
            assert.equal(answer.status, 401, path);
        }
    });

    test("a lost passkey is replaced by the link of a mail, once", async () => {
        const [email, frontEnd] = [newEmail(), new FrontEnd(world.origin)];
        const made = await make(frontEnd, new Authenticator(), { email }, "/webauthn/signup");
        assert.equal(made.status, "OK", JSON.stringify(made));
        const sent = (to) => post(frontEnd, "/user/webauthn/reset/token", { email: to });
        assert.deepEqual(await sent(newEmail()), { status: "OK" });
        assert.deepEqual(await sent(email), { status: "OK" });
        const mails = world.outside.mails.filter((mail) => mail.type === "RECOVER_ACCOUNT");
        const mail = mails.findLast(({ user }) => user.email === email);
        const token = new URL(mail.recoverAccountLink).searchParams.get("token");
        const found = new Authenticator(EDDSA);
        const whom = { recoverAccountToken: token };
        const recovered = await make(frontEnd, found, whom, "/user/webauthn/reset", { token });
        assert.equal(recovered.status, "OK", JSON.stringify(recovered));
        const late = await post(frontEnd, "/webauthn/options/register", whom);
        assert.equal(late.status, "RECOVER_ACCOUNT_TOKEN_INVALID_ERROR");
        const { answer } = await use(new FrontEnd(world.origin), found);
        assert.equal(answer.user?.id, made.user.id, JSON.stringify(answer));
        // Who has had the mail has the address.
        assert.equal(answer.user.loginMethods[0].verified, true);
    });
}
