import assert from "node:assert/strict";
import { browserTests } from "./lib/browser.mjs";
import { reactApp } from "./lib/react.mjs";
import { keepCodes } from "./lib/recovery.mjs";
import { totp } from "./lib/totp.mjs";

const app = reactApp("cookie");
const browserTest = browserTests("React app, factors");
const PASSWORD = "correct horse 1";

browserTest("the prebuilt pages set an authenticator app up, and ask for its code at the next sign-in", async ({ tab, server }) => {
  const page = await tab();
  await app.openSignUp(page);
  await app.submitCredentials(page, "ada@example.com", PASSWORD);
  await app.session(page);
  // Who hasn't completed what is there can't change it.
  await page.getByRole("button", { name: "Require an authenticator app" }).and(page.locator(":disabled")).waitFor();
  await app.completeBySms(page, server, "+12025556001");
  await page.getByRole("button", { name: "Require an authenticator app" }).click();
  await page.getByText("It is required from now on.").waitFor();

  // The protected page leads to the set-up.
  await page.goto("/app/protected");
  await page.waitForURL("**/auth/mfa/totp**");
  await page.locator('[data-supertokens~="showTOTPSecretBtn"]').click();
  const secret = (await page.locator('[data-supertokens~="totpSecret"]').innerText()).trim();
  assert.match(secret, /^[A-Z2-7]{32}$/);
  await page.locator("input[name=totp]").fill(totp(secret, -1));
  await page.locator('button[type="submit"]').click();
  await page.waitForURL((url) => !url.pathname.startsWith("/auth/mfa"));

  await app.signOut(page);
  await app.signedOut(page);
  await app.submitCredentials(page, "ada@example.com", PASSWORD);
  await page.waitForURL("**/auth/mfa/totp**");
  await page.locator("input[name=totp]").fill("000000");
  await page.locator('button[type="submit"]').click();
  await page.locator('[data-supertokens~="generalError"]').waitFor();
  await page.locator("input[name=totp]").fill(totp(secret));
  await page.locator('button[type="submit"]').click();
  // What is left is the guide's own factor.
  await page.waitForURL("**/app/second-factor**");
});

browserTest("recovery codes are made, kept, and used by who has lost the authenticator app", async ({ tab, server }) => {
  const page = await tab();
  await app.openSignUp(page);
  await app.submitCredentials(page, "grace@example.com", PASSWORD);
  await app.session(page);
  await app.completeBySms(page, server, "+12025556002");
  await page.getByRole("button", { name: "Require an authenticator app" }).click();
  await page.getByText("It is required from now on.").waitFor();
  await page.goto("/auth/mfa/totp");
  await page.locator('[data-supertokens~="showTOTPSecretBtn"]').click();
  const secret = (await page.locator('[data-supertokens~="totpSecret"]').innerText()).trim();
  await page.locator("input[name=totp]").fill(totp(secret));
  await page.locator('button[type="submit"]').click();
  await page.waitForURL((url) => !url.pathname.startsWith("/auth/mfa"));

  await page.goto("/app/recovery-codes");
  await page.getByText("Recovery codes left: 0.").waitFor();
  await page.getByRole("button", { name: "Generate recovery codes" }).click();
  await page.getByText("Recovery codes left: 10.").waitFor();
  const codes = await keepCodes(page, page.getByRole("link", { name: "Download the codes" }));

  await app.signOut(page);
  await app.signedOut(page);
  await app.submitCredentials(page, "grace@example.com", PASSWORD);
  await page.waitForURL("**/auth/mfa/totp**");
  await page.getByRole("link", { name: "Use a recovery code" }).click();
  const field = page.getByLabel("A recovery code");
  await field.fill("wrong-code");
  await page.getByRole("button", { name: "Use the recovery code" }).click();
  await page.getByText("Attempts left: 4").waitFor();
  await field.fill(codes[0].toUpperCase());
  await page.getByRole("button", { name: "Use the recovery code" }).click();
  await page.getByText("The recovery code was right. Left: 9.").waitFor();
});
