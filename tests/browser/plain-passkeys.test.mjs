// Passkeys on the plain page: the only way in, beside a password, and lost.

import assert from "node:assert/strict";
import { browserTests } from "./lib/browser.mjs";
import { authenticatorOf, closePrompts, withoutAutofill } from "./lib/passkeys.mjs";
import { plainPage } from "./lib/plain.mjs";
import { codeSentTo } from "./lib/prebuilt.mjs";

const PASSWORD = "correct horse 1";
const app = plainPage();
const browserTest = browserTests("Plain page, passkeys", "--plain");

async function signUp(page, email) {
  await app.openSignUp(page);
  await page.locator("#sign-up-email").fill(email);
  await page.getByRole("button", { name: "Sign up with a passkey" }).click();
  return app.session(page);
}

async function signUpByPassword(page, email) {
  await app.openSignUp(page);
  await app.submitCredentials(page, email, PASSWORD);
  return app.session(page);
}

/** Signs out, with an owner who doesn't answer the prompt that waits behind the field. */
async function signOut(page, authenticator) {
  await authenticator.ownerIsThere(false);
  await app.signOut(page);
  await app.signedOut(page);
}

const signInByButton = (page) => page.getByRole("button", { name: "Sign in with a passkey" }).click();
const passkeysShown = (page) => page.locator("#passkey-list li");

browserTest("a new user signs up with a passkey alone, and signs in by what the browser fills in", async ({ tab }) => {
  const page = await tab();
  const authenticator = await authenticatorOf(page);
  const { user } = await signUp(page, "ada@example.com");
  await authenticator.has(1);
  await passkeysShown(page).getByText("never used").waitFor();

  await signOut(page, authenticator);
  // Nothing is pressed: the prompt behind the email field is answered.
  await authenticator.ownerIsThere(true);
  await page.reload();
  assert.equal((await app.session(page)).user, user);
  await passkeysShown(page).getByText("last used").waitFor();
});

browserTest("the button signs in, and an address that is taken is told before a passkey is made", async ({ tab }) => {
  const page = await tab();
  await withoutAutofill(page);
  const authenticator = await authenticatorOf(page);
  const { user } = await signUp(page, "grace@example.com");
  await signOut(page, authenticator);
  await page.getByRole("button", { name: "Create an account" }).click();
  await page.locator("#sign-up-email").fill("grace@example.com");
  await page.getByRole("button", { name: "Sign up with a passkey" }).click();
  assert.match(await app.fieldErrors(page), /already exists/);
  await authenticator.has(1);

  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await authenticator.ownerIsThere(true);
  await signInByButton(page);
  assert.equal((await app.session(page)).user, user);
});

browserTest("a prompt that is closed, an owner who isn't known and a device without a passkey are told", async ({ tab }) => {
  const page = await tab();
  await withoutAutofill(page);
  const authenticator = await authenticatorOf(page);
  await signUp(page, "edsger@example.com");
  await signOut(page, authenticator);
  await authenticator.ownerIsThere(true);
  await authenticator.knowsOwner(false);
  await page.reload();
  await app.signedOut(page);
  await signInByButton(page);
  await page.getByText("No passkey was used").waitFor();
  await authenticator.knowsOwner(true);

  await closePrompts(page);
  await signInByButton(page);
  await page.getByText("No passkey was used").waitFor();
  await page.getByRole("button", { name: "Create an account" }).click();
  await page.locator("#sign-up-email").fill("closed@example.com");
  await page.getByRole("button", { name: "Sign up with a passkey" }).click();
  await page.getByText("No passkey was used").waitFor();

  // The page goes on, by a password, too.
  await authenticator.lose();
  await page.reload();
  await app.signedOut(page);
  await signInByButton(page);
  await page.getByText("No passkey was used").waitFor();
  await signUpByPassword(page, "password@example.com");
});

browserTest("a silent prompt that fails leaves the page as it is", async ({ tab }) => {
  const page = await tab();
  await authenticatorOf(page);
  await page.route("**/auth/webauthn/options/signin", (route) => route.fulfill({ status: 500, body: "" }));
  const asked = page.waitForResponse("**/auth/webauthn/options/signin");
  await app.openSignIn(page);
  await asked;
  assert.equal(await page.locator("#status").isVisible(), false);
  await signUpByPassword(page, "silent@example.com");
});

browserTest("who signs in by a password is offered a passkey, which then is listed, renamed and removed", async ({ tab }) => {
  const page = await tab();
  await withoutAutofill(page);
  const authenticator = await authenticatorOf(page);
  const { user } = await signUpByPassword(page, "alan@example.com");
  await page.getByRole("heading", { name: "Sign in faster next time" }).waitFor();
  await page.getByRole("button", { name: "Make a passkey" }).click();
  await page.getByText("Your account has a new passkey.").waitFor();
  await authenticator.has(1);
  await page.getByRole("heading", { name: "Sign in faster next time" }).waitFor({ state: "hidden" });
  assert.equal((await app.session(page)).user, user);

  await passkeysShown(page).getByRole("button", { name: "Rename" }).click();
  await page.getByLabel("Name of the passkey").fill("My <b>telephone</b>");
  await page.getByRole("button", { name: "Save the name" }).click();
  await passkeysShown(page).getByText("My <b>telephone</b>", { exact: true }).waitFor();

  // It opens the same account as the password.
  await signOut(page, authenticator);
  await authenticator.ownerIsThere(true);
  await signInByButton(page);
  assert.equal((await app.session(page)).user, user);
  await passkeysShown(page).getByRole("button", { name: "Remove" }).click();
  await page.getByRole("button", { name: "Remove it for good" }).click();
  await page.getByText("You have none.").waitFor();
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByText("Your account has a new passkey.").waitFor();
});

browserTest("the offer of a passkey is declined for now, or for good", async ({ tab }) => {
  const page = await tab();
  await authenticatorOf(page);
  for (const [name, answer] of [["Not now", "later"], ["Don't ask again", "never"]]) {
    await signUpByPassword(page, `${answer}@example.com`);
    await page.getByRole("button", { name }).click();
    await page.locator("#passkey-offer").waitFor({ state: "hidden" });
    const asked = page.waitForResponse("**/auth/webauthn/promotion");
    await page.reload();
    assert.equal((await (await asked).json()).shouldOffer, false);
    await app.session(page);
    await app.signOut(page);
    await app.signedOut(page);
  }
});

browserTest("a password account requires its passkey as a second factor", async ({ tab, server }) => {
  const page = await tab();
  const authenticator = await authenticatorOf(page);
  const { user } = await signUpByPassword(page, "barbara@example.com");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByText("Your account has a new passkey.").waitFor();
  await app.askForCode(page, "+12025557001");
  await app.confirmCode(page, await codeSentTo(server, "+12025557001"));
  await app.routesAreOpen(page);
  await page.getByRole("button", { name: "Require a passkey at every sign-in" }).click();
  await page.getByText("From now on each session needs your passkey.").waitFor();

  await signOut(page, authenticator);
  await app.submitCredentials(page, "barbara@example.com", PASSWORD);
  const closed = page.locator("#route-protected pre").filter({ hasText: '"id": "st-mfa"' });
  await closed.waitFor();
  await authenticator.ownerIsThere(true);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.getByText("Your passkey was right.").waitFor();
  await closed.waitFor({ state: "detached" });
  assert.equal((await app.session(page)).user, user);
});

browserTest("who lost the device recovers the account by mail, with a new passkey", async ({ tab, server }) => {
  const page = await tab();
  const authenticator = await authenticatorOf(page);
  const email = "katherine@example.com";
  const { user } = await signUp(page, email);
  await signOut(page, authenticator);
  await authenticator.lose();
  await authenticator.ownerIsThere(true);
  await page.getByRole("button", { name: "Lost your passkey?" }).click();
  await page.locator("#recover-email").fill(email);
  await page.getByRole("button", { name: "Mail me a link" }).click();
  await page.getByText("a link is on its way").waitFor();
  const { link } = await server.message("RECOVER_ACCOUNT", email);
  await page.goto(link);
  await page.getByRole("button", { name: "Make the passkey" }).click();
  await page.getByText("Your account has a new passkey. Please sign in with it.").waitFor();
  await authenticator.has(1);
  await page.reload();
  assert.equal((await app.session(page)).user, user);
  assert.equal(await passkeysShown(page).count(), 2);

  // The link was for one time.
  await signOut(page, authenticator);
  await page.goto(link);
  await authenticator.ownerIsThere(true);
  await page.getByRole("button", { name: "Make the passkey" }).click();
  await page.getByText("has expired or was used before").waitFor();
  await authenticator.has(1);
});
