// Addresses that are proved, and accounts at third parties.
import assert from "node:assert/strict";
import { test } from "node:test";
import { EmailVerification, ThirdParty, supertokens } from "../sdk.mjs";
import { newEmail, signedUp } from "./signed-up.mjs";

export function addresses(world) {
    test("an address is verified by a token once, and can be unverified", async () => {
        const { userId } = await signedUp(world.origin);
        const recipeUserId = new supertokens.RecipeUserId(userId);
        const create = () =>
            EmailVerification.createEmailVerificationToken("public", recipeUserId);
        const verify = async (token) =>
            (await EmailVerification.verifyEmailUsingToken("public", token)).status;
        const isVerified = () => EmailVerification.isEmailVerified(recipeUserId);
        const [first, second] = [await create(), await create()];
        assert.equal(first.status, "OK");
        assert.equal(await isVerified(), false);
        assert.equal(await verify(first.token), "OK");
        assert.equal(await verify(second.token), "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR");
        assert.equal(await isVerified(), true);
        assert.equal((await supertokens.getUser(userId)).loginMethods[0].verified, true);
        assert.equal((await create()).status, "EMAIL_ALREADY_VERIFIED_ERROR");
        await EmailVerification.unverifyEmail(recipeUserId);
        assert.equal(await isVerified(), false);
        const third = await create();
        await EmailVerification.revokeEmailVerificationTokens("public", recipeUserId);
        assert.equal(await verify(third.token), "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR");
    });

    test("an account at a third party signs up, and in with another address", async () => {
        const [email, changed] = [newEmail(), newEmail()];
        const signInUp = (address, isVerified) =>
            ThirdParty.manuallyCreateOrUpdateUser("public", "google", email, address, isVerified);
        const signedUp = await signInUp(email, true);
        assert.equal(signedUp.status, "OK", JSON.stringify(signedUp));
        assert.equal(signedUp.createdNewRecipeUser, true);
        const { user } = signedUp;
        assert.deepEqual(user.thirdParty, [{ id: "google", userId: email }]);
        assert.equal(user.loginMethods[0].verified, true);
        const signedIn = await signInUp(changed, false);
        assert.equal(signedIn.createdNewRecipeUser, false);
        assert.equal(signedIn.user.id, user.id);
        assert.deepEqual(signedIn.user.emails, [changed]);
        assert.equal(signedIn.user.loginMethods[0].verified, false);
        const account = { thirdParty: { id: "google", userId: email } };
        const [found] = await supertokens.listUsersByAccountInfo("public", account);
        assert.equal(found.id, user.id);
    });
}
