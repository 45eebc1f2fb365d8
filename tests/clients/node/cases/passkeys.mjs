// Passkeys: made, used, added, removed and recovered, by the SDK's functions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Authenticator, EDDSA, ES256, ES384, PAGE, RS256, SITE } from "../authenticator.mjs";
import { FrontEnd } from "../front-end.mjs";
import { Multitenancy, WebAuthn, supertokens } from "../sdk.mjs";
import { newEmail } from "./signed-up.mjs";

const HERE = { relyingPartyId: SITE, relyingPartyName: "Clients", origin: PAGE };
const ASKED = { userVerification: "preferred", userPresence: true, timeout: 60_000 };

/** Options for a new passkey; whom they are for is an address or a token. */
async function registerOptions(whom, { tenantId = "public", algorithms = [EDDSA, ES256] } = {}) {
    const options = await WebAuthn.registerOptions({
        ...HERE,
        ...ASKED,
        ...whom,
        tenantId,
        attestation: "none",
        residentKey: "required",
        supportedAlgorithmIds: algorithms,
    });
    assert.equal(options.status, "OK", JSON.stringify(options));
    return options;
}

async function signInOptions(tenantId = "public") {
    const options = await WebAuthn.signInOptions({ ...HERE, ...ASKED, tenantId });
    assert.equal(options.status, "OK", JSON.stringify(options));
    return { ...options, rpId: SITE };
}

const answering = ({ webauthnGeneratedOptionsId }, credential, tenantId = "public") => ({
    webauthnGeneratedOptionsId,
    credential,
    tenantId,
});

/** A new user with a passkey, by the SDK's functions. */
async function signUp(authenticator, { tenantId, algorithms } = {}) {
    const email = newEmail();
    const options = await registerOptions({ email }, { tenantId, algorithms });
    const answer = answering(options, authenticator.create(options), tenantId);
    const made = await WebAuthn.signUp(answer);
    assert.equal(made.status, "OK", JSON.stringify(made));
    return { email, options, answer, user: made.user, recipeUserId: made.recipeUserId };
}

async function signIn(authenticator, tenantId) {
    const options = await signInOptions(tenantId);
    return WebAuthn.signIn(answering(options, authenticator.get(options), tenantId));
}

async function idsOf(recipeUserId) {
    const listed = await WebAuthn.listCredentials({ recipeUserId: recipeUserId.getAsString() });
    assert.equal(listed.status, "OK");
    return listed.credentials.map(({ webauthnCredentialId }) => webauthnCredentialId);
}

export function passkeys(world) {
    for (const [name, algorithm] of Object.entries({ ES256, EDDSA, ES384, RS256 })) {
        test(`a passkey with a key for ${name} signs up and in`, async () => {
            const authenticator = new Authenticator(algorithm, { counts: true });
            const made = await signUp(authenticator, { algorithms: [algorithm] });
            const { challenge, pubKeyCredParams, rp } = made.options;
            assert.deepEqual(pubKeyCredParams, [{ alg: algorithm, type: "public-key" }]);
            assert.deepEqual(rp, { id: SITE, name: "Clients" });
            assert.ok(Buffer.from(challenge, "base64url").length >= 16);
            const [method] = made.user.loginMethods;
            assert.deepEqual(
                [method.recipeId, method.email, method.webauthn.credentialIds],
                ["webauthn", made.email, [authenticator.credentialId]],
            );
            for (const _ of [1, 2]) {
                const used = await signIn(authenticator);
                assert.equal(used.status, "OK", JSON.stringify(used));
                assert.equal(used.user.id, made.user.id);
                assert.equal(used.recipeUserId.getAsString(), made.recipeUserId.getAsString());
            }
            const account = { webauthn: { credentialId: authenticator.credentialId } };
            const [found] = await supertokens.listUsersByAccountInfo("public", account);
            assert.equal(found.id, made.user.id);
        });
    }

    test("an answer may be verified before it signs in, and signs in once", async () => {
        const authenticator = new Authenticator(EDDSA, { counts: true });
        const { user } = await signUp(authenticator);
        const options = await signInOptions();
        const answer = answering(options, authenticator.get(options));
        assert.deepEqual(await WebAuthn.verifyCredentials(answer), { status: "OK" });
        const used = await WebAuthn.signIn(answer);
        assert.equal(used.user?.id, user.id, JSON.stringify(used));
        assert.equal((await WebAuthn.signIn(answer)).status, "OPTIONS_NOT_FOUND_ERROR");
        assert.equal((await WebAuthn.signUp(answer)).status, "OPTIONS_NOT_FOUND_ERROR");
    });

    test("options are read and taken back", async () => {
        const email = newEmail();
        const { webauthnGeneratedOptionsId: id, challenge } = await registerOptions({ email });
        const asked = { webauthnGeneratedOptionsId: id, tenantId: "public" };
        const read = await WebAuthn.getGeneratedOptions(asked);
        assert.deepEqual(
            [read.status, read.email, read.challenge, read.origin, read.relyingPartyId],
            ["OK", email, challenge, PAGE, SITE],
        );
        assert.equal(read.timeout, 60_000);
        assert.equal((await WebAuthn.removeGeneratedOptions(asked)).status, "OK");
        const gone = "OPTIONS_NOT_FOUND_ERROR";
        assert.equal((await WebAuthn.removeGeneratedOptions(asked)).status, gone);
        assert.equal((await WebAuthn.getGeneratedOptions(asked)).status, gone);
        const elsewhere = { ...HERE, ...ASKED, origin: "http://example.org", tenantId: "public" };
        assert.equal((await WebAuthn.signInOptions(elsewhere)).status, "INVALID_OPTIONS_ERROR");
    });

    test("a second passkey is added, found and removed", async () => {
        const [first, second] = [new Authenticator(ES256), new Authenticator(EDDSA)];
        const { email, user, recipeUserId, answer } = await signUp(first);
        const id = recipeUserId.getAsString();
        const add = async (authenticator, whom) => {
            const options = await registerOptions({ email: whom });
            const answer = answering(options, authenticator.create(options));
            return WebAuthn.registerCredential({ recipeUserId: id, ...answer });
        };
        assert.equal((await add(second, email)).status, "OK");
        assert.equal((await add(new Authenticator(), newEmail())).status, "INVALID_OPTIONS_ERROR");
        assert.equal((await add(second, email)).status, "CREDENTIAL_ALREADY_EXISTS_ERROR");
        const again = await WebAuthn.registerCredential({ recipeUserId: id, ...answer });
        assert.equal(again.status, "OPTIONS_NOT_FOUND_ERROR");
        const ids = [first.credentialId, second.credentialId];
        assert.deepEqual((await idsOf(recipeUserId)).sort(), ids.sort());
        assert.equal((await signIn(second)).user.id, user.id);
        const asked = { webauthnCredentialId: first.credentialId, recipeUserId: id };
        const read = await WebAuthn.getCredential(asked);
        assert.deepEqual(
            [read.status, read.relyingPartyId, read.recipeUserId.getAsString()],
            ["OK", SITE, id],
        );
        assert.equal((await WebAuthn.removeCredential(asked)).status, "OK");
        const gone = "CREDENTIAL_NOT_FOUND_ERROR";
        assert.equal((await WebAuthn.removeCredential(asked)).status, gone);
        assert.equal((await WebAuthn.getCredential(asked)).status, gone);
        assert.equal((await signIn(first)).status, gone);
        assert.deepEqual(await idsOf(recipeUserId), [second.credentialId]);
    });

    test("a lost passkey is replaced by a token that works once", async () => {
        const [lost, found] = [new Authenticator(), new Authenticator(EDDSA)];
        const { email, user, recipeUserId } = await signUp(lost);
        const whom = { tenantId: "public", userId: user.id, email };
        const { status, token } = await WebAuthn.generateRecoverAccountToken(whom);
        assert.equal(status, "OK");
        const ofToken = { tenantId: "public", token };
        const owner = await WebAuthn.getUserFromRecoverAccountToken(ofToken);
        assert.deepEqual([owner.status, owner.user.id], ["OK", user.id]);
        const options = await registerOptions({ recoverAccountToken: token });
        assert.equal(options.user.name, email);
        const answer = answering(options, found.create(options));
        assert.equal((await WebAuthn.recoverAccount({ token, ...answer })).status, "OK");
        const invalid = "RECOVER_ACCOUNT_TOKEN_INVALID_ERROR";
        assert.equal((await WebAuthn.recoverAccount({ token, ...answer })).status, invalid);
        assert.equal((await WebAuthn.consumeRecoverAccountToken(ofToken)).status, invalid);
        assert.equal((await WebAuthn.getUserFromRecoverAccountToken(ofToken)).status, invalid);
        assert.equal((await signIn(found)).user.id, user.id);
        assert.equal((await idsOf(recipeUserId)).length, 2);
        const nobody = { ...whom, userId: "nobody" };
        const unknown = await WebAuthn.generateRecoverAccountToken(nobody);
        assert.equal(unknown.status, "UNKNOWN_USER_ID_ERROR");
        const { link } = await WebAuthn.createRecoverAccountLink(whom);
        assert.match(link, /\/auth\/webauthn\/recover\?token=.+&tenantId=public$/);
    });

    test("an address is changed where nobody has it", async () => {
        const [authenticator, other] = [new Authenticator(), new Authenticator()];
        const { user, recipeUserId } = await signUp(authenticator);
        const { email: taken } = await signUp(other);
        const change = async (email) => {
            const id = recipeUserId.getAsString();
            const asked = { email, recipeUserId: id, tenantId: "public" };
            return (await WebAuthn.updateUserEmail(asked)).status;
        };
        const email = newEmail();
        assert.equal(await change(email), "OK");
        assert.equal(await change(taken), "EMAIL_ALREADY_EXISTS_ERROR");
        assert.deepEqual((await supertokens.getUser(user.id)).emails, [email]);
        assert.equal((await signIn(authenticator)).user.id, user.id);
    });

    test("what isn't answered to these options, here and now is refused", async () => {
        const authenticator = new Authenticator(ES256, { counts: true });
        const { email } = await signUp(authenticator);
        const refused = "INVALID_AUTHENTICATOR_ERROR";
        const use = async (change, origin) => {
            const options = await signInOptions();
            const credential = authenticator.get({ ...options, ...change }, origin);
            return (await WebAuthn.signIn(answering(options, credential))).status;
        };
        const { challenge } = await signInOptions();
        assert.equal(await use({ challenge }), refused, "other options' challenge");
        assert.equal(await use({}, "https://localhost"), refused);
        assert.equal(await use({}, "http://localhost:3001"), refused);
        assert.equal(await use({ rpId: "example.com" }), refused);
        const make = async (change, origin) => {
            const options = await registerOptions({ email: newEmail() });
            const credential = new Authenticator().create({ ...options, ...change }, origin);
            return (await WebAuthn.signUp(answering(options, credential))).status;
        };
        assert.equal(await make({ challenge }), refused);
        assert.equal(await make({}, "http://localhost:3001"), refused);
        assert.equal(await make({ rp: { id: "example.com" } }), refused);

        // Another's signature, a part that is missing, and a use that went uncounted.
        const forger = new Authenticator();
        Object.assign(forger, { id: authenticator.id, handle: authenticator.handle, uses: 9 });
        assert.equal((await signIn(forger)).status, refused);
        const options = await signInOptions();
        const { response, ...rest } = authenticator.get(options);
        const partly = { ...rest, response: { ...response, signature: undefined } };
        const unread = await WebAuthn.signIn(answering(options, partly));
        assert.equal(unread.status, "INVALID_CREDENTIALS_ERROR");
        assert.equal(await use({}), "OK");
        authenticator.uses -= 1;
        assert.equal(await use({}), refused, "the counter of a copy");

        const mine = await registerOptions({ email });
        const taken = answering(mine, new Authenticator().create(mine));
        assert.equal((await WebAuthn.signUp(taken)).status, "EMAIL_ALREADY_EXISTS_ERROR");
    });

    test("a passkey and its options are their tenant's", async () => {
        const [here, there] = ["passkeys-here", "passkeys-there"];
        for (const tenantId of [here, there]) {
            await Multitenancy.createOrUpdateTenant(tenantId, { firstFactors: ["webauthn"] });
        }
        const authenticator = new Authenticator();
        const { user, email } = await signUp(authenticator, { tenantId: here });
        assert.deepEqual(user.tenantIds, [here]);
        assert.equal((await signIn(authenticator, here)).user.id, user.id);
        assert.equal((await signIn(authenticator, there)).status, "UNKNOWN_USER_ID_ERROR");
        const options = await signInOptions(here);
        const elsewhere = answering(options, authenticator.get(options), there);
        assert.equal((await WebAuthn.signIn(elsewhere)).status, "OPTIONS_NOT_FOUND_ERROR");
        const whom = { tenantId: here, userId: user.id, email };
        const { token } = await WebAuthn.generateRecoverAccountToken(whom);
        const ofOther = { tenantId: there, token };
        const invalid = "RECOVER_ACCOUNT_TOKEN_INVALID_ERROR";
        assert.equal((await WebAuthn.consumeRecoverAccountToken(ofOther)).status, invalid);
        const foreign = await WebAuthn.generateRecoverAccountToken({ ...whom, tenantId: there });
        assert.equal(foreign.status, "UNKNOWN_USER_ID_ERROR");
        const frontEnd = new FrontEnd(world.origin);
        const post = async (path, body) => (await frontEnd.send("POST", path, { body })).body;
        const asked = await post(`/auth/${there}/webauthn/options/signin`, {});
        const { webauthnGeneratedOptionsId } = asked;
        const body = { webauthnGeneratedOptionsId, credential: authenticator.get(asked) };
        const refused = await post(`/auth/${there}/webauthn/signin`, body);
        assert.deepEqual(refused, { status: "INVALID_CREDENTIALS_ERROR" });
    });
}
