// One-time codes, links and second factors.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FrontEnd } from "../front-end.mjs";
import { totp } from "../one-time-codes.mjs";
import { MultiFactorAuth, Passwordless, Totp, supertokens } from "../sdk.mjs";
import { PASSWORD, newEmail, signedUp } from "./signed-up.mjs";

export function codes(world) {
    test("a code by mail signs up, and a link signs in", async () => {
        const [email, frontEnd] = [newEmail(), new FrontEnd(world.origin)];
        const post = async (path, body) => (await frontEnd.send("POST", path, { body })).body;
        const sent = await post("/auth/signinup/code", { email });
        assert.equal(sent.status, "OK", JSON.stringify(sent));
        const { deviceId, preAuthSessionId } = sent;
        const device = { deviceId, preAuthSessionId };
        const consume = (code) => post("/auth/signinup/code/consume", code);
        const wrong = await consume({ userInputCode: "wrong", ...device });
        assert.equal(wrong.status, "INCORRECT_USER_INPUT_CODE_ERROR");
        assert.equal(wrong.failedCodeInputAttemptCount, 1);
        assert.deepEqual(await post("/auth/signinup/code/resend", device), { status: "OK" });
        const [first, second] = world.outside.mails.filter((mail) => mail.email === email);
        const listed = async () => Passwordless.listCodesByEmail({ tenantId: "public", email });
        assert.equal((await listed())[0].codes.length, 2);
        const signedUp = await consume({ userInputCode: second.userInputCode, ...device });
        assert.equal(signedUp.status, "OK", JSON.stringify(signedUp));
        assert.equal(signedUp.createdNewRecipeUser, true);
        assert.equal((await frontEnd.send("GET", "/me")).status, 200);
        const late = await consume({ userInputCode: first.userInputCode, ...device });
        assert.equal(late.status, "RESTART_FLOW_ERROR");
        assert.deepEqual(await listed(), []);
        const link = await Passwordless.createMagicLink({ tenantId: "public", email });
        const { hash, searchParams } = new URL(link);
        const signedIn = await consume({
            linkCode: hash.slice(1),
            preAuthSessionId: searchParams.get("preAuthSessionId"),
        });
        assert.equal(signedIn.status, "OK", JSON.stringify(signedIn));
        assert.equal(signedIn.createdNewRecipeUser, false);
        assert.equal(signedIn.user.id, signedUp.user.id);
        const recipeUserId = new supertokens.RecipeUserId(signedUp.user.id);
        const phoneNumber = "+4915112345678";
        const changed = await Passwordless.updateUser({ recipeUserId, phoneNumber });
        assert.equal(changed.status, "OK");
        const user = await supertokens.getUser(signedUp.user.id);
        assert.deepEqual(user.phoneNumbers, [phoneNumber]);
    });

    test("a second factor is set up, and asked for at the next sign-in", async () => {
        const { email, userId } = await signedUp(world.origin);
        await MultiFactorAuth.addToRequiredSecondaryFactorsForUser(userId, "totp");
        let frontEnd;
        const post = async (path, body) => (await frontEnd.send("POST", path, { body })).body;
        const signIn = async () => {
            frontEnd = new FrontEnd(world.origin);
            await frontEnd.sign("/auth/signin", email, PASSWORD);
        };
        await signIn();
        const refused = await frontEnd.send("GET", "/me");
        assert.equal(refused.status, 403);
        assert.equal(refused.body.claimValidationErrors[0].id, "st-mfa");
        const device = await post("/auth/totp/device", { deviceName: "phone" });
        assert.equal(device.status, "OK", JSON.stringify(device));
        const verify = (code) =>
            post("/auth/totp/device/verify", { deviceName: "phone", totp: code });
        assert.equal((await verify("000000x")).status, "INVALID_TOTP_ERROR");
        const code = totp(device.secret);
        assert.deepEqual(await verify(code), { status: "OK", wasAlreadyVerified: false });
        assert.equal((await frontEnd.send("GET", "/me")).status, 200);
        const { devices } = await Totp.listDevices(userId);
        assert.deepEqual(devices.map(({ name, verified }) => [name, verified]), [["phone", true]]);
        await signIn();
        assert.equal((await frontEnd.send("GET", "/me")).status, 403);
        const used = await post("/auth/totp/verify", { totp: code });
        assert.equal(used.status, "INVALID_TOTP_ERROR");
        const next = await post("/auth/totp/verify", { totp: totp(device.secret, 1) });
        assert.equal(next.status, "OK", JSON.stringify(next));
        assert.equal((await frontEnd.send("GET", "/me")).status, 200);
        assert.equal((await Totp.removeDevice(userId, "phone")).didDeviceExist, true);
    });
}
