import assert from "node:assert/strict";
import { browserTests } from "./lib/browser.mjs";
import { plainPage } from "./lib/plain.mjs";
import { codeSentTo } from "./lib/prebuilt.mjs";
import { keepCodes } from "./lib/recovery.mjs";
import { totp } from "./lib/totp.mjs";

const app = plainPage();
const browserTest = browserTests("Plain page, factors", "--plain");
const PASSWORD = "correct horse 1";

browserTest("an authenticator app is set up by its picture, required, entered, and replaced by a recovery code", async ({ tab, server }) => {
  const page = await tab();
  await app.openSignUp(page);
  await app.submitCredentials(page, "ada@example.com", PASSWORD);
  await app.session(page);

  // A new device shows a picture to scan and the secret to type.
  await page.getByRole("button", { name: "Set up an authenticator app" }).click();
  const picture = page.getByRole("img", { name: "QR code" });
  await picture.waitFor();
  const { width, height } = await picture.boundingBox();
  assert.ok(width >= 150 && Math.abs(width - height) < 2, `${width} by ${height}`);
  const secret = await page.locator("#totp-secret").innerText();
  assert.match(secret, /^[A-Z2-7]{32}$/);

  // A wrong code is told at its field, the right one sets the device up.
  await page.locator("#totp-first").fill("000000");
  await page.getByRole("button", { name: "Verify the app" }).click();
  assert.match(await app.fieldErrors(page), /Attempts left: 4/);
  await page.locator("#totp-first").fill(totp(secret, -1));
  await page.getByRole("button", { name: "Verify the app" }).click();
  await page.getByText("Your authenticator app is set up.").waitFor();

  // Recovery codes are shown once.
  await page.getByRole("button", { name: "Generate recovery codes" }).click();
  await page.getByText("Recovery codes left: 10.").waitFor();
  const codes = await keepCodes(page, page.getByRole("button", { name: "Download the codes" }));

  // Only who has completed what is there may require more.
  const require = page.getByRole("button", { name: "Require it at every sign-in" });
  await require.waitFor({ state: "hidden" });
  const phone = "+12025556100";
  await app.askForCode(page, phone);
  await app.confirmCode(page, await codeSentTo(server, phone));
  await app.routesAreOpen(page);

  // Once the factor is required, the next session has to complete it.
  await require.click();
  await page.getByText("From now on each session needs a code").waitFor();
  await app.signOut(page);
  await app.signedOut(page);
  await app.submitCredentials(page, "ada@example.com", PASSWORD);
  await page.getByText("Enter a code of your authenticator app to go on.").waitFor();
  const closed = page.locator("#route-protected pre").filter({ hasText: '"id": "st-mfa"' });
  await closed.waitFor();
  await page.locator("#totp-code").fill(totp(secret));
  await page.getByRole("button", { name: "Verify the code" }).click();
  await page.getByText("The code of your authenticator app was right.").waitFor();
  await closed.waitFor({ state: "detached" });

  // Who has lost the app uses a recovery code, once.
  await app.signOut(page);
  await app.signedOut(page);
  await app.submitCredentials(page, "ada@example.com", PASSWORD);
  await page.locator("#recovery-code").fill(codes[0].toUpperCase());
  await page.getByRole("button", { name: "Use the recovery code" }).click();
  await page.getByText("The recovery code was right. Left: 9.").waitFor();
  await closed.waitFor({ state: "detached" });
});
