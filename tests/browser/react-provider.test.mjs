// Sign-in by a provider on the prebuilt pages, and what it has to do with other ways to sign in.

import assert from "node:assert/strict";
import { providerTests } from "./lib/browser.mjs";
import { cancelAtProvider, signInAtProvider } from "./lib/provider.mjs";
import { reactApp } from "./lib/react.mjs";

const PASSWORD = "correct horse 1";
const browserTest = providerTests("React app, provider");

let count = 0;
const newName = () => `provided-${++count}@example.com`;

for (const transfer of ["cookie", "header"]) {
  const app = reactApp(transfer);

  async function leave(page) {
    await app.openSignIn(page);
    await page.getByRole("button", { name: "OpenID" }).click();
  }

  async function signIn(page, name) {
    await leave(page);
    await signInAtProvider(page, name);
    return app.session(page);
  }

  browserTest(`a new user signs in, does the second factor, and is the same user again (${transfer})`, async (world) => {
    const page = await world.tab();
    const name = newName();
    const { user } = await signIn(page, name);
    await page.locator("#info-address").getByText("verified", { exact: true }).waitFor();
    await app.routesAreClosed(page);
    await app.completeBySms(page, world.server, `+1202555${8000 + ++count}`);

    const other = await world.otherBrowser();
    assert.equal((await signIn(other, name)).user, user);
    await app.routesAreClosed(other);
  });

  browserTest(`an address that was verified by a mailed link brings the provider's account along (${transfer})`, async (world) => {
    const page = await world.tab();
    const name = newName();
    await app.openSignUp(page);
    await app.submitCredentials(page, name, PASSWORD);
    const { user } = await app.session(page);
    await page.locator("#info-address").getByText("not verified", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Mail me a link to verify it" }).click();
    const { link } = await world.server.message("EMAIL_VERIFICATION", name);
    await page.goto(link);
    await page.getByText("Email Verification Successful").waitFor();
    await page.goto("/");
    await page.locator("#info-address").getByText("verified", { exact: true }).waitFor();
    await app.completeBySms(page, world.server, `+1202555${8000 + ++count}`);

    const other = await world.otherBrowser();
    assert.equal((await signIn(other, name)).user, user);
    await app.signOut(other);
    await app.signedOut(other);
    await app.openSignIn(other);
    await app.submitCredentials(other, name, PASSWORD);
    assert.equal((await app.session(other)).user, user);

    // The link was for one time.
    await page.goto(link);
    await page.getByText("Email Verification Failed").or(page.getByText("The email verification link has expired")).waitFor();
  });

  browserTest(`a provider's word that isn't proved opens nobody's account (${transfer})`, async (world) => {
    const page = await world.tab();
    const name = `unverified-${newName()}`;
    await app.openSignUp(page);
    await app.submitCredentials(page, name, PASSWORD);
    const { user } = await app.session(page);
    await page.getByRole("button", { name: "Mail me a link to verify it" }).click();
    const { link } = await world.server.message("EMAIL_VERIFICATION", name);
    await page.goto(link);
    await page.getByText("Email Verification Successful").waitFor();

    const stranger = await world.otherBrowser();
    await leave(stranger);
    await signInAtProvider(stranger, name);
    assert.match(await app.formError(stranger), /cannot sign in/i);
    await app.openHome(page);
    assert.equal((await app.session(page)).user, user);
  });

  browserTest(`who cancels at the provider can sign in another way (${transfer})`, async (world) => {
    const page = await world.tab();
    await leave(page);
    await cancelAtProvider(page);
    await app.formError(page);
    await app.openSignUp(page);
    await app.submitCredentials(page, newName(), PASSWORD);
    await app.session(page);
  });

  browserTest(`where the list of providers can't be read, the other ways in are there (${transfer})`, async (world) => {
    const page = await world.tab();
    await page.route("**/providers", (route) => route.abort());
    await app.openSignUp(page);
    await app.submitCredentials(page, newName(), PASSWORD);
    await app.session(page);
  });

  browserTest(`a provider that rotates its keys goes on, and one that is broken makes no user (${transfer})`, async (world) => {
    const page = await world.tab();
    const { provider } = world.server;
    const name = newName();
    const { user } = await signIn(page, name);
    provider.rotateKeys();
    const second = await world.otherBrowser();
    assert.equal((await signIn(second, name)).user, user);

    const third = await world.otherBrowser();
    for (const [path, status, body] of [["/token", 500, ""], ["/token", 200, "not JSON"], ["/me", 503, ""]]) {
      provider.breakAt(path, status, body);
      await leave(third);
      await signInAtProvider(third, newName());
      await app.formError(third);
      provider.repair();
      await third.context().clearCookies();
    }
  });
}
