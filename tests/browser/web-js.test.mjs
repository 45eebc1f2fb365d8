import assert from "node:assert/strict";
import { browserTests, providerTests } from "./lib/browser.mjs";
import { signInAtProvider } from "./lib/provider.mjs";
import { spoilAccessToken } from "./lib/tokens.mjs";

const browserTest = browserTests("supertokens-web-js");

for (const transfer of ["cookie", "header"]) {
  browserTest(`signs up, confirms the second factor, refreshes, signs out and in (${transfer})`, async (world) => {
    const page = await world.tab();
    const email = `web-js-${transfer}@example.com`;
    const phone = transfer === "cookie" ? "+12025550101" : "+12025550102";

    const enter = async (password, action) => {
      await page.getByLabel("Email").fill(email);
      await page.getByLabel("Password").fill(password);
      await page.getByRole("button", { name: action, exact: true }).click();
    };

    await page.goto(`/web-js.html?transfer=${transfer}`);
    await enter("correct horse 1", "Sign up");
    await page.locator("#route-state").getByText("closed (403)").waitFor();
    await page.locator("#route-answer").filter({ hasText: '"id": "2fa-completed"' }).waitFor();
    const user = await page.locator("#user").innerText();

    await page.getByLabel("Phone number").fill(phone);
    await page.getByRole("button", { name: "Send me a code" }).click();
    const { userInputCode } = await world.server.message("PASSWORDLESS_LOGIN", phone);
    await page.getByLabel("Code").fill(userInputCode);
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.locator("#route-state").getByText("open", { exact: true }).waitFor();

    // Before there was a session, the front end asked for one.
    world.refreshes.length = 0;
    await spoilAccessToken(world.profile, transfer);
    const answer = page.waitForResponse((one) => one.url().endsWith("/protected") && one.status() !== 401);
    await page.locator("#try-route").click();
    assert.equal((await answer).status(), 200);
    assert.deepEqual(world.refreshes, [200]);

    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("You are signed out.").waitFor();
    await enter("wrong horse 1", "Sign in");
    await page.getByText("The email or the password is wrong.").waitFor();
    await enter("correct horse 1", "Sign in");
    await page.locator("#route-state").getByText("closed (403)").waitFor();
    assert.equal(await page.locator("#user").innerText(), user);
  });
}

const withProvider = providerTests("supertokens-web-js, provider");

withProvider("signs up by a provider, confirms the second factor, and is the same user again", async ({ tab, server }) => {
  const page = await tab();
  const signIn = async () => {
    await page.getByRole("button", { name: "Continue with OpenID" }).click();
    await signInAtProvider(page, "web-js@example.com");
    await page.locator("#route-state").getByText("closed (403)").waitFor();
    return page.locator("#user").innerText();
  };
  await page.goto("/web-js.html?transfer=cookie");
  const user = await signIn();
  await page.getByLabel("Phone number").fill("+12025550103");
  await page.getByRole("button", { name: "Send me a code" }).click();
  const { userInputCode } = await server.message("PASSWORDLESS_LOGIN", "+12025550103");
  await page.getByLabel("Code").fill(userInputCode);
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.locator("#route-state").getByText("open", { exact: true }).waitFor();

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You are signed out.").waitFor();
  await page.context().clearCookies();
  assert.equal(await signIn(), user);
});
