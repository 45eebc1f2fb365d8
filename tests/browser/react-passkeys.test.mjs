// Passkeys on the prebuilt pages.

import assert from "node:assert/strict";
import { browserTests } from "./lib/browser.mjs";
import { authenticatorOf, closePrompts } from "./lib/passkeys.mjs";
import { generalError } from "./lib/prebuilt.mjs";
import { reactApp } from "./lib/react.mjs";

const PASSWORD = "correct horse 1";
const browserTest = browserTests("React app, passkeys");

const withPasskey = (page) => page.getByRole("button", { name: "CONTINUE WITH PASSKEY" });
const goOn = (page) => page.getByRole("button", { name: "CONTINUE", exact: true });
const emailField = (page) => page.locator('input[name="email"]');

for (const transfer of ["cookie", "header"]) {
  const app = reactApp(transfer);

  /** Gets as far as the prompt for a new passkey. */
  async function startSignUp(page, email) {
    await app.openSignUp(page);
    await withPasskey(page).click();
    await page.locator('input[name="password"]').waitFor({ state: "detached" });
    await emailField(page).fill(email);
    await goOn(page).click();
    await page.getByText("Create a passkey").waitFor();
  }

  async function signUp(page, email) {
    await startSignUp(page, email);
    await goOn(page).click();
    return app.session(page);
  }

  async function signOut(page) {
    await app.signOut(page);
    await app.signedOut(page);
  }

  browserTest(`a new user signs up with a passkey alone, and in again (${transfer})`, async ({ tab }) => {
    const page = await tab();
    const authenticator = await authenticatorOf(page);
    const { user } = await signUp(page, `ada-${transfer}@example.com`);
    await authenticator.has(1);
    await app.routesAreClosed(page);
    await page.goto("/");
    await app.session(page);
    await signOut(page);
    await withPasskey(page).click();
    assert.equal((await app.session(page)).user, user);
  });

  browserTest(`a prompt that is closed and an owner who isn't known are told (${transfer})`, async ({ tab }) => {
    const page = await tab();
    const authenticator = await authenticatorOf(page);
    await signUp(page, `edsger-${transfer}@example.com`);
    await signOut(page);
    await authenticator.knowsOwner(false);
    await withPasskey(page).click();
    await generalError(page).getByText("timed out, was canceled").waitFor();
    await authenticator.knowsOwner(true);

    await page.reload();
    await closePrompts(page);
    await withPasskey(page).click();
    await generalError(page).getByText("timed out, was canceled").waitFor();
    await startSignUp(page, `closed-${transfer}@example.com`);
    await closePrompts(page);
    await goOn(page).click();
    await page.getByText("timed out, was canceled").waitFor();

    // The page goes on, by a password, too.
    await app.openSignUp(page);
    await app.submitCredentials(page, `password-${transfer}@example.com`, PASSWORD);
    await app.session(page);
  });

  browserTest(`an address that is taken is told (${transfer})`, async ({ tab }) => {
    const page = await tab();
    await authenticatorOf(page);
    const email = `grace-${transfer}@example.com`;
    await signUp(page, email);
    await signOut(page);
    await startSignUp(page, email);
    await goOn(page).click();
    await page.getByText("Email already exists").waitFor();
  });

  browserTest(`a password account gets a passkey as its second factor (${transfer})`, async ({ tab, server }) => {
    const page = await tab();
    const authenticator = await authenticatorOf(page);
    const email = `barbara-${transfer}@example.com`;
    await app.openSignUp(page);
    await app.submitCredentials(page, email, PASSWORD);
    const { user } = await app.session(page);
    await app.completeBySms(page, server, transfer === "cookie" ? "+12025557101" : "+12025557102");
    await page.getByRole("button", { name: "Require a passkey" }).click();
    await page.getByText("It is required from now on.").waitFor();

    // The protected page leads to the set-up.
    await page.goto("/app/protected");
    await page.waitForURL("**/auth/mfa/webauthn**");
    await goOn(page).click();
    await page.waitForURL((url) => !url.pathname.startsWith("/auth/mfa"));
    await authenticator.has(1);

    await page.goto("/");
    await app.session(page);
    await signOut(page);
    await app.submitCredentials(page, email, PASSWORD);
    await page.waitForURL("**/auth/mfa/webauthn**");
    await goOn(page).click();
    // What is left is the guide's own factor.
    await page.waitForURL("**/app/second-factor**");
    assert.equal((await app.session(page)).user, user);
  });

  browserTest(`who lost the device recovers the account by mail, with a new passkey (${transfer})`, async ({ tab, server }) => {
    const page = await tab();
    const authenticator = await authenticatorOf(page);
    const email = `katherine-${transfer}@example.com`;
    const { user } = await signUp(page, email);
    await signOut(page);
    await authenticator.lose();
    await page.getByRole("link", { name: "Recover your account" }).click();
    await page.getByText("We will send you an email").waitFor();
    await emailField(page).fill(email);
    await goOn(page).click();
    await page.getByText("Account recovery email has been sent to").waitFor();
    const { link } = await server.message("RECOVER_ACCOUNT", email);
    await page.goto(link);
    await goOn(page).click();
    await page.getByText("Account recovered successfully!").waitFor();
    await authenticator.has(1);
    await page.goto("/auth?show=signin");
    await withPasskey(page).click();
    assert.equal((await app.session(page)).user, user);

    // The link was for one time.
    await signOut(page);
    await page.goto(link);
    await page.getByText("The token used for recovering the account is invalid").waitFor();
  });
}
