// The guide's own way: sign-up or a provider, refresh, a second factor of the application's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FrontEnd } from "../front-end.mjs";
import { newEmail, signedUp } from "./signed-up.mjs";

const HERE = "http://localhost:3000/auth/callback/outside";

/** Signs in at the provider, as a browser does, and then here. */
export async function throughProvider(world, tenantId = "public") {
    const auth = `/auth/${tenantId}`;
    const frontEnd = new FrontEnd(world.origin);
    const asked = new URLSearchParams({
        thirdPartyId: "outside",
        redirectURIOnProviderDashboard: HERE,
    });
    const { body: sent } = await frontEnd.send("GET", `${auth}/authorisationurl?${asked}`);
    assert.equal(sent.status, "OK", JSON.stringify(sent));
    const page = await fetch(sent.urlWithQueryParams, { redirect: "manual" });
    const back = new URL(page.headers.get("location"));
    assert.equal(back.origin + back.pathname, HERE);
    const code = back.searchParams.get("code");
    const { body } = await frontEnd.send("POST", `${auth}/signinup`, {
        body: {
            thirdPartyId: "outside",
            redirectURIInfo: {
                redirectURIOnProviderDashboard: HERE,
                redirectURIQueryParams: { code },
                pkceCodeVerifier: sent.pkceCodeVerifier,
            },
        },
    });
    assert.equal(body.status, "OK", JSON.stringify(body));
    return { frontEnd, body, code };
}

/** That a session's route of the second factor is closed until it is done. */
async function secondFactorOf(frontEnd) {
    // The override has made the claim, before any route asked for it.
    assert.equal(frontEnd.claims()["2fa-completed"]?.v, false);
    const refused = await frontEnd.send("GET", "/second-factor");
    assert.equal(refused.status, 403);
    const [error] = refused.body.claimValidationErrors;
    assert.deepEqual([error.id, error.reason.actualValue], ["2fa-completed", false]);
    assert.equal((await frontEnd.refreshSession()).status, 200);
    assert.equal((await frontEnd.send("GET", "/second-factor")).status, 403);
    assert.equal((await frontEnd.send("POST", "/complete-second-factor")).status, 200);
    assert.equal((await frontEnd.send("GET", "/second-factor")).status, 200);
    assert.equal((await frontEnd.refreshSession()).status, 200);
    assert.equal(frontEnd.claims()["2fa-completed"].v, true);
    assert.equal((await frontEnd.send("GET", "/second-factor")).status, 200);
}

export function guide(world) {
    test("who signs up does a second factor, again in each session", async () => {
        const { frontEnd, email, password } = await signedUp(world.origin);
        await secondFactorOf(frontEnd);
        const again = new FrontEnd(world.origin);
        assert.equal((await again.sign("/auth/signin", email, password)).body.status, "OK");
        assert.equal((await again.send("GET", "/second-factor")).status, 403);
    });

    test("who comes from a provider does a second factor, too", async () => {
        const { outside } = world;
        const email = newEmail();
        outside.account = { sub: `at-${email}`, email, email_verified: true };
        const { frontEnd, body, code } = await throughProvider(world);
        assert.equal(outside.exchanged.at(-1), code);
        assert.equal(outside.read.at(-1), outside.account.sub);
        assert.equal(body.createdNewRecipeUser, true);
        const [account] = body.user.thirdParty;
        assert.deepEqual(account, { id: "outside", userId: outside.account.sub });
        assert.deepEqual(body.user.emails, [email]);
        assert.equal(body.user.loginMethods[0].verified, true);
        await secondFactorOf(frontEnd);

        const again = await throughProvider(world);
        assert.deepEqual(outside.exchanged.slice(-2), [code, again.code]);
        assert.equal(again.body.createdNewRecipeUser, false);
        assert.equal(again.body.user.id, body.user.id);
        assert.equal((await again.frontEnd.send("GET", "/second-factor")).status, 403);
    });

    test("a session lives in cookies where the browser asks for them", async () => {
        const { email, password } = await signedUp(world.origin);
        const frontEnd = new FrontEnd(world.origin, "cookie");
        await frontEnd.sign("/auth/signin", email, password);
        assert.deepEqual([...frontEnd.cookies.keys()].sort(), ["sAccessToken", "sRefreshToken"]);
        assert.equal((await frontEnd.send("GET", "/me")).status, 200);
        assert.equal((await frontEnd.refreshSession()).status, 200);
        assert.equal((await frontEnd.send("POST", "/complete-second-factor")).status, 200);
        assert.equal((await frontEnd.send("GET", "/second-factor")).status, 200);
        assert.equal((await frontEnd.send("POST", "/auth/signout")).status, 200);
        assert.equal((await frontEnd.send("GET", "/me")).status, 401);
    });
}
