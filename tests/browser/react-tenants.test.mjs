// Tenants by sub-path: each has its own ways to sign in, its own users, and mails that lead back to it.

import assert from "node:assert/strict";
import { browserTests } from "./lib/browser.mjs";
import { authenticatorOf } from "./lib/passkeys.mjs";
import { codeField, codeSentTo, enterCode } from "./lib/prebuilt.mjs";
import { reactApp } from "./lib/react.mjs";

const TENANTS = {
  acme: "emailpassword,thirdparty",
  globex: "otp-email",
  initech: "emailpassword",
  umbrella: "link-email",
  hooli: "webauthn",
};
const flags = Object.entries(TENANTS).flatMap(([name, factors]) => ["--tenant", `${name}=${factors}`]);
const browserTest = browserTests("React app, tenants", ...flags);

const app = reactApp("cookie");
const passwordField = (page) => page.locator('input[name="password"]');
const emailField = (page) => page.locator('input[name="email"]');
const local = (page) => page.getByRole("button", { name: "Local account" });
const tenantShown = (page) => page.locator("#info-tenant").innerText();

async function signUp(page, tenant, email, password) {
  await page.goto(`/t/${tenant}/auth?show=signup`);
  await app.submitCredentials(page, email, password);
  return sessionAt(page, tenant);
}

/** The user of the session, whose start page is that of the tenant. */
async function sessionAt(page, tenant) {
  await page.locator("#title-factor, #info-payload").waitFor({ state: "attached" });
  assert.ok(new URL(page.url()).pathname.startsWith(`/t/${tenant}/`), page.url());
  await page.goto(`/t/${tenant}`);
  await page.locator("#info-payload").waitFor({ state: "attached" });
  assert.equal(await tenantShown(page), tenant);
  return page.locator("#info-user").innerText();
}

async function signOut(page, tenant) {
  await app.signOut(page);
  await page.waitForURL(`**/t/${tenant}/auth**`);
  await emailField(page).waitFor();
}

browserTest("the chooser leads to each tenant, which shows its own ways to sign in", async ({ tab }) => {
  const page = await tab();
  const choose = async (name) => {
    await page.goto("/auth");
    await page.getByRole("link", { name: "Choose another tenant" }).click();
    await page.getByRole("link", { name, exact: true }).click();
    await page.waitForURL(`**/t/${name}/auth**`);
    await emailField(page).waitFor();
    return { password: await passwordField(page).count(), provider: await local(page).count() };
  };
  assert.deepEqual(await choose("acme"), { password: 1, provider: 1 });
  assert.deepEqual(await choose("initech"), { password: 1, provider: 0 });
  assert.deepEqual(await choose("globex"), { password: 0, provider: 0 });
  assert.deepEqual(await choose("umbrella"), { password: 0, provider: 0 });
});

browserTest("a tenant's users sign in by the ways that are its own", async ({ tab, server, otherBrowser }) => {
  const page = await tab();
  await page.goto("/t/acme");
  await local(page).click();
  await page.getByLabel("Email address").fill("ada@example.com");
  await page.getByRole("button", { name: "Sign in" }).click();
  await sessionAt(page, "acme");

  const second = await otherBrowser();
  await second.goto("/t/globex");
  await emailField(second).fill("ada@example.com");
  await second.locator('button[type="submit"]').click();
  await codeField(second).waitFor();
  await enterCode(second, await codeSentTo(server, "ada@example.com"));
  await sessionAt(second, "globex");
});

browserTest("one address is another user, with another password, in each tenant", async ({ tab }) => {
  const page = await tab();
  const email = "grace@example.com";
  const atAcme = await signUp(page, "acme", email, "acme's horse 1");
  await signOut(page, "acme");
  const atInitech = await signUp(page, "initech", email, "initech's horse 1");
  assert.notEqual(atInitech, atAcme);
  await signOut(page, "initech");

  await page.goto("/t/initech/auth?show=signin");
  await app.submitCredentials(page, email, "acme's horse 1");
  assert.match(await app.formError(page), /incorrect/i);
  await page.goto("/t/acme/auth?show=signin");
  await app.submitCredentials(page, email, "acme's horse 1");
  assert.equal(await sessionAt(page, "acme"), atAcme);
});

browserTest("the second factor is done in a tenant whose users can't sign in by phone", async ({ tab, server }) => {
  const page = await tab();
  await signUp(page, "initech", "factor@example.com", "correct horse 1");
  await page.getByRole("link", { name: "Protected page" }).click();
  await page.waitForURL("**/t/initech/app/second-factor**");
  await app.askForCode(page, "+12025554001");
  await app.confirmCode(page, await codeSentTo(server, "+12025554001"));
  await page.waitForURL("**/t/initech/app/protected");
  await page.locator("#route-protected").getByText("open", { exact: true }).waitFor();
});

browserTest("a mailed link leads back to its tenant, and changes the password there", async ({ tab, server, otherBrowser }) => {
  const page = await tab();
  const email = "alan@example.com";
  const user = await signUp(page, "acme", email, "correct horse 1");
  await page.getByRole("button", { name: "Mail me a link to verify it" }).click();
  const verification = await server.message("EMAIL_VERIFICATION", email);
  await page.goto(verification.link);
  await page.getByText("Email Verification Successful").waitFor();
  assert.equal(new URL(page.url()).pathname, "/t/acme/auth/verify-email");

  const other = await otherBrowser();
  await signUp(other, "initech", email, "correct horse 1");
  await signOut(other, "initech");
  await other.goto("/t/acme/auth/reset-password");
  await emailField(other).fill(email);
  await other.locator('button[type="submit"]').click();
  await other.locator('[data-supertokens~="enterEmailSuccessMessage"]').waitFor();
  const { link } = await server.message("PASSWORD_RESET", email);
  assert.equal(new URL(link).searchParams.get("tenantId"), "acme");
  await app.choosePassword(other, link, "another horse 2");
  await app.passwordChosen(other);
  assert.equal(new URL(other.url()).pathname, "/t/acme/auth/reset-password");

  await other.goto("/t/acme/auth?show=signin");
  await app.submitCredentials(other, email, "another horse 2");
  assert.equal(await sessionAt(other, "acme"), user);
  await signOut(other, "acme");
  await other.goto("/t/initech/auth?show=signin");
  await app.submitCredentials(other, email, "another horse 2");
  await app.formError(other);
});

browserTest("a mailed link signs in to its tenant", async ({ tab, server }) => {
  const page = await tab();
  await page.goto("/t/umbrella");
  await emailField(page).fill("link@example.com");
  await page.locator('button[type="submit"]').click();
  await page.getByText("Link sent!").waitFor();
  const { link } = await server.message("PASSWORDLESS_LOGIN", "link@example.com");
  await page.goto(link);
  await sessionAt(page, "umbrella");
});

browserTest("a passkey is made, and recovered by mail, in its tenant", async ({ tab, server }) => {
  const page = await tab();
  const authenticator = await authenticatorOf(page);
  const email = "passkey@example.com";
  const goOn = page.getByRole("button", { name: "CONTINUE", exact: true });
  await page.goto("/t/hooli/auth?show=signup");
  await emailField(page).fill(email);
  await goOn.click();
  await page.getByText("Create a passkey").waitFor();
  await goOn.click();
  const user = await sessionAt(page, "hooli");
  await app.signOut(page);
  await page.waitForURL("**/t/hooli/auth**");

  await authenticator.lose();
  await page.goto("/t/hooli/auth/webauthn/recover/send-email");
  await emailField(page).fill(email);
  await goOn.click();
  await page.getByText("Account recovery email has been sent to").waitFor();
  const { link } = await server.message("RECOVER_ACCOUNT", email);
  await page.goto(link);
  assert.equal(new URL(page.url()).pathname, "/t/hooli/auth/webauthn/recover");
  await goOn.click();
  await page.getByText("Account recovered successfully!").waitFor();
  await page.goto("/t/hooli/auth?show=signin");
  await page.getByRole("button", { name: "CONTINUE WITH PASSKEY" }).click();
  assert.equal(await sessionAt(page, "hooli"), user);
});

browserTest("who is signed in to another tenant is told so, and may change", async ({ tab }) => {
  const page = await tab();
  await signUp(page, "acme", "edsger@example.com", "correct horse 1");
  await page.goto("/t/initech");
  await page.getByText("Your session is one of the tenant acme.").waitFor();
  await page.getByRole("link", { name: "Go there" }).click();
  await sessionAt(page, "acme");
  await page.goto("/t/initech");
  await page.getByRole("button", { name: "Sign out there, and sign in here" }).click();
  await page.waitForURL("**/t/initech/auth**");
  await passwordField(page).waitFor();
});

browserTest("a tenant that isn't there is told, whatever its page", async ({ tab }) => {
  const page = await tab();
  for (const address of ["/t/nobody", "/t/nobody/auth", "/auth/reset-password?token=x&tenantId=nobody"]) {
    await page.goto(address);
    await page.getByRole("heading", { name: "There is no such tenant" }).waitFor();
    assert.match(await page.locator("main").innerText(), /nobody/);
  }
  await page.getByRole("link", { name: "Choose a tenant" }).click();
  await page.getByRole("link", { name: "acme", exact: true }).waitFor();
});
