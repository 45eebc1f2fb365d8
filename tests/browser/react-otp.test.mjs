// Codes by mail and by SMS as second factors, on the prebuilt pages.

import assert from "node:assert/strict";
import { browserTests } from "./lib/browser.mjs";
import {
  chooseFactor,
  codeField,
  codeSentTo,
  enterCode,
  enterPhone,
  enterWrongCode,
  statusOfCode,
  generalError,
  offeredFactors,
} from "./lib/prebuilt.mjs";
import { reactApp } from "./lib/react.mjs";
import { totp } from "./lib/totp.mjs";

const PASSWORD = "correct horse 1";
const browserTest = browserTests("React app, codes");

let count = 0;

const IDS = { "a code by mail": "otp-email", "an authenticator app": "totp", "a code by SMS": "otp-phone" };

/** A user who has completed the guide's factor, and of whom one of these is required from now on. */
async function userWith(app, { tab, server }, ...factors) {
  const page = await tab();
  count += 1;
  const user = { page, email: `codes-${count}@example.com`, phone: `+1202555${4000 + count}` };
  await app.openSignUp(page);
  await app.submitCredentials(page, user.email, PASSWORD);
  user.session = await app.session(page);
  await app.completeBySms(page, server, user.phone);
  if (factors.length === 1) {
    await page.getByRole("button", { name: `Require ${factors[0]}` }).click();
    await page.getByText("It is required from now on.").waitFor();
  } else {
    const body = JSON.stringify({ factorIds: factors.map((factor) => IDS[factor]) });
    const headers = { "content-type": "application/json" };
    const ask = (request) => fetch("/addRequiredFactor", request).then((answer) => answer.status);
    assert.equal(await page.evaluate(ask, { method: "POST", headers, body }), 200);
  }
  await page.reload();
  return user;
}

/** What the server says of the routes that want every factor. */
async function refusals(page) {
  await page.goto("/");
  const answer = page.locator("#route-protected pre");
  await answer.waitFor();
  const { claimValidationErrors } = JSON.parse(await answer.innerText());
  return (claimValidationErrors ?? []).map(({ id }) => id);
}

for (const transfer of ["cookie", "header"]) {
  const app = reactApp(transfer);

  browserTest(`a code by mail is asked for, typed in, and asked for again at the next sign-in (${transfer})`, async (world) => {
    const { page, email, session } = await userWith(app, world, "a code by mail");
    assert.deepEqual(await refusals(page), ["st-mfa"]);

    // The only factor needs no choice, and the only address none either.
    await page.goto("/app/protected");
    await page.waitForURL("**/auth/mfa/otp-email**");
    await page.getByText(email).waitFor();
    const first = await codeSentTo(world.server, email);
    assert.equal(await enterWrongCode(page, first), "INCORRECT_USER_INPUT_CODE_ERROR");
    await generalError(page).getByText("Invalid OTP").waitFor();
    await enterCode(page, first);
    await page.waitForURL((url) => !url.pathname.startsWith("/auth/mfa"));
    assert.deepEqual(await refusals(page), []);
    assert.deepEqual(await app.session(page), session);

    await app.signOut(page);
    await app.signedOut(page);
    await app.openSignIn(page);
    await app.submitCredentials(page, email, PASSWORD);
    await page.waitForURL("**/auth/mfa/otp-email**");
    await enterCode(page, await codeSentTo(world.server, email, 1));
    // What is left is the guide's own factor.
    await page.waitForURL("**/app/second-factor**");
    assert.deepEqual(await refusals(page), ["2fa-completed"]);
    assert.equal((await app.session(page)).user, session.user);
  });

  browserTest(`a code by SMS goes to the number that the page asks for, and opens every route (${transfer})`, async (world) => {
    const { page, email, phone, session } = await userWith(app, world, "a code by SMS");
    await page.goto("/app/protected");
    await page.waitForURL("**/auth/mfa/otp-phone**");
    await enterPhone(page, phone);
    await codeField(page).waitFor();
    await enterCode(page, await codeSentTo(world.server, phone, 1));
    await page.waitForURL((url) => !url.pathname.startsWith("/auth/mfa"));
    assert.deepEqual(await refusals(page), []);
    assert.deepEqual(await app.session(page), session);

    await app.signOut(page);
    await app.signedOut(page);
    await app.openSignIn(page);
    await app.submitCredentials(page, email, PASSWORD);
    await page.waitForURL("**/auth/mfa/otp-phone**");
    await enterCode(page, await codeSentTo(world.server, phone, 2));
    // The number is the guide's too, so that its factor is done as well.
    await page.waitForURL((url) => !url.pathname.startsWith("/auth/mfa"));
    assert.deepEqual(await refusals(page), []);
  });

  browserTest(`of several factors the user chooses one (${transfer})`, async (world) => {
    const { page, email } = await userWith(app, world, "a code by mail", "an authenticator app", "a code by SMS");
    await page.goto("/app/protected");
    await page.waitForURL((url) => url.pathname === "/auth/mfa");
    assert.deepEqual(await offeredFactors(page), ["Email based OTP", "SMS based OTP", "TOTP"]);
    await chooseFactor(page, "TOTP");
    await page.waitForURL("**/auth/mfa/totp**");
    await page.locator('[data-supertokens~="showTOTPSecretBtn"]').waitFor();
    // Back to the choice.
    await page.locator('[data-supertokens~="backButton"]').click();
    await chooseFactor(page, "Email based OTP");
    await page.waitForURL("**/auth/mfa/otp-email**");
    await enterCode(page, await codeSentTo(world.server, email));
    await page.waitForURL((url) => !url.pathname.startsWith("/auth/mfa"));
    assert.deepEqual(await refusals(page), []);
  });
}

const app = reactApp("cookie");

browserTest("who has set two factors up chooses between them at the next sign-in", async (world) => {
  const { page, email } = await userWith(app, world, "a code by mail", "an authenticator app");
  await page.goto("/app/protected");
  await chooseFactor(page, "Email based OTP");
  await enterCode(page, await codeSentTo(world.server, email));
  await page.waitForURL((url) => !url.pathname.startsWith("/auth/mfa"));
  await page.goto("/");
  await page.getByRole("button", { name: "Set up an authenticator app" }).click();
  await page.locator('[data-supertokens~="showTOTPSecretBtn"]').click();
  const secret = (await page.locator('[data-supertokens~="totpSecret"]').innerText()).trim();
  await page.locator("input[name=totp]").fill(totp(secret, -1));
  await page.locator('button[type="submit"]').click();
  await page.waitForURL((url) => !url.pathname.startsWith("/auth/mfa"));

  await app.openHome(page);
  await app.signOut(page);
  await app.signedOut(page);
  await app.openSignIn(page);
  await app.submitCredentials(page, email, PASSWORD);
  assert.deepEqual(await offeredFactors(page), ["Email based OTP", "TOTP"]);
  await chooseFactor(page, "TOTP");
  await page.locator("input[name=totp]").fill(totp(secret));
  await page.locator('button[type="submit"]').click();
  await page.waitForURL("**/app/second-factor**");
  assert.deepEqual(await refusals(page), ["2fa-completed"]);
});

browserTest("after too many wrong codes not even a new one helps for a while", async (world) => {
  const { page, email } = await userWith(app, world, "a code by mail");
  await page.goto("/app/protected");
  await codeField(page).waitFor();
  const first = await codeSentTo(world.server, email);
  for (let attempt = 1; attempt < 5; attempt += 1) {
    assert.equal(await enterWrongCode(page, first), "INCORRECT_USER_INPUT_CODE_ERROR");
    await generalError(page).getByText("Invalid OTP").waitFor();
  }
  assert.equal(await enterWrongCode(page, first), "RESTART_FLOW_ERROR");
  await page.getByText("Login unsuccessful. Please try again.").waitFor();
  await page.goto("/app/protected");
  const second = await codeSentTo(world.server, email, 1);
  // Or who knows the password would go on guessing by asking for codes.
  assert.equal(await statusOfCode(page, second), "GENERAL_ERROR");
  await generalError(page).waitFor();
});

browserTest("one more code is sent on demand, and takes the place of the first", async (world) => {
  const page = await world.tab();
  await page.clock.install();
  const { email } = await userWith(app, { ...world, tab: async () => page }, "a code by mail");
  await page.goto("/app/protected");
  await codeField(page).waitFor();
  const first = await codeSentTo(world.server, email);
  // The page offers it after a while.
  const resend = page.locator('[data-supertokens~="resendCodeBtn"]');
  assert.ok(await resend.isDisabled());
  await page.clock.fastForward(20_000);
  await page.getByRole("button", { name: "Resend Email" }).click();
  await page.getByText("Email resent").waitFor();
  const second = await codeSentTo(world.server, email, 1);
  assert.notEqual(second, first);
  assert.equal(await statusOfCode(page, first), "EXPIRED_USER_INPUT_CODE_ERROR");
  await enterCode(page, second);
  await page.waitForURL((url) => !url.pathname.startsWith("/auth/mfa"));
});
