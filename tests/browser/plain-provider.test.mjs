import assert from "node:assert/strict";
import { providerTests } from "./lib/browser.mjs";
import { plainPage } from "./lib/plain.mjs";
import { cancelAtProvider, signInAtProvider } from "./lib/provider.mjs";

const PASSWORD = "correct horse 1";
const app = plainPage();
const browserTest = providerTests("Plain page, provider", "--plain");

async function leave(page) {
  await app.openSignIn(page);
  await page.locator("#view-sign-in").getByRole("button", { name: "Continue with OpenID" }).click();
}

browserTest("a mailed link verifies the address, and the provider's account is linked by it", async ({ tab, otherBrowser, server }) => {
  const page = await tab();
  const name = "ada@example.com";
  await app.openSignUp(page);
  await app.submitCredentials(page, name, PASSWORD);
  const { user } = await app.session(page);
  await page.getByRole("button", { name: "Mail me a link to verify my address" }).click();
  await page.getByText("A link is on its way").waitFor();
  const { link } = await server.message("EMAIL_VERIFICATION", name);
  await page.goto(link);
  await page.getByText("Your address is verified.").waitFor();
  await page.locator("#info-address").getByText("verified", { exact: true }).waitFor();

  const other = await otherBrowser();
  await leave(other);
  await signInAtProvider(other, name);
  assert.equal((await app.session(other)).user, user);
  await app.routesAreClosed(other);
  await app.askForCode(other, "+12025559001");
  const { userInputCode } = await server.message("PASSWORDLESS_LOGIN", "+12025559001");
  await app.confirmCode(other, userInputCode);
  await app.routesAreOpen(other);

  await other.goto(link);
  await other.getByText("has expired or was used before").waitFor();
});

browserTest("who cancels, or comes back by somebody else's link, isn't signed in", async ({ tab }) => {
  const page = await tab();
  await leave(page);
  await cancelAtProvider(page);
  await page.getByText("The sign-in was cancelled.").waitFor();
  await page.goto("/auth/callback/openid?code=stolen&state=stolen");
  await page.getByText("wasn't begun in this tab").waitFor();
});
