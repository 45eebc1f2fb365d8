// How the pages look: dark and light, and on a phone.

import assert from "node:assert/strict";
import { browserTests } from "./lib/browser.mjs";
import { plainPage } from "./lib/plain.mjs";
import { qrCodeOn } from "./lib/qr.mjs";
import { reactApp } from "./lib/react.mjs";

const SCHEMES = ["light", "dark"];
const PASSWORD = "correct horse 1";
const plain = plainPage();
const react = reactApp("cookie");
const reactTest = browserTests("React app, looks");
const plainTest = browserTests("Plain page, looks", "--plain");

/** What an authenticator app needs of a scanned text. */
function isSetUp(text, secret) {
  assert.ok(text, "no QR code can be read");
  const url = new URL(text);
  assert.equal(`${url.protocol}//${url.host}`, "otpauth://totp");
  assert.equal(url.searchParams.get("secret"), secret);
}

reactTest("the QR code can be read in either colour scheme", async ({ tab }) => {
  const page = await tab();
  await react.openSignUp(page);
  await react.submitCredentials(page, "ada@example.com", PASSWORD);
  await react.session(page);
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme });
    await page.goto("/auth/mfa/totp?setup=true");
    const picture = page.locator('[data-supertokens~="totpDeviceQR"]');
    await picture.waitFor();
    await page.locator('[data-supertokens~="showTOTPSecretBtn"]').click();
    const secret = (await page.locator('[data-supertokens~="totpSecret"]').innerText()).trim();
    isSetUp(await qrCodeOn(page, picture), secret);
  }
});

plainTest("the QR code can be read in either colour scheme", async ({ tab }) => {
  const page = await tab();
  await plain.openSignUp(page);
  await plain.submitCredentials(page, "ada@example.com", PASSWORD);
  await plain.session(page);
  await page.getByRole("button", { name: "Set up an authenticator app" }).click();
  const picture = page.getByRole("img", { name: "QR code" });
  await picture.waitFor();
  const secret = await page.locator("#totp-secret").innerText();
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme });
    isSetUp(await qrCodeOn(page, picture), secret);
  }
});

/** Left and right of the card, and how much wider than the screen the page is. */
function spaces(element) {
  const card = element.getBoundingClientRect();
  const width = document.documentElement.clientWidth;
  return { left: card.left, right: width - card.right, over: document.scrollingElement.scrollWidth - width };
}

const WIDTHS = [320, 360, 375, 414, 440, 600, 1280];

reactTest("the prebuilt card stands in the middle of every screen", async ({ tab }) => {
  const page = await tab();
  for (const path of ["/auth?show=signin", "/auth?show=signup", "/auth/reset-password"]) {
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(path);
      await page.locator("input[name=email]").waitFor();
      const { left, right, over } = await page.locator('[data-supertokens~="container"]').evaluate(spaces);
      assert.ok(Math.abs(left - right) <= 1 && left >= 0, `${path} at ${width}: ${left} left, ${right} right`);
      assert.ok(over <= 0, `${path} at ${width}: ${over} too wide`);
    }
  }
});

plainTest("the card stands in the middle of every screen", async ({ tab }) => {
  const page = await tab();
  await plain.openSignIn(page);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    const { left, right, over } = await page.locator("#view-sign-in").evaluate(spaces);
    assert.ok(Math.abs(left - right) <= 1 && left >= 0, `at ${width}: ${left} left, ${right} right`);
    assert.ok(over <= 0, `at ${width}: ${over} too wide`);
  }
});

plainTest("nothing of a failed attempt, or of the last user, is left for the next one", async ({ tab }) => {
  const page = await tab();
  await plain.openSignIn(page);
  await plain.submitCredentials(page, "eve@example.com", "wrong horse 1");
  await plain.formError(page);
  await page.getByRole("button", { name: "Create an account" }).click();
  await plain.submitCredentials(page, "grace@example.com", PASSWORD);
  await plain.session(page);
  await page.getByRole("button", { name: "Set up an authenticator app" }).click();
  await page.locator("#totp-secret").getByText(/[A-Z2-7]{32}/).waitFor();
  await page.locator("#phone").fill("+12025550123");
  await plain.signOut(page);
  await plain.signedOut(page);
  const typed = await page.locator("input:not([type=checkbox])").evaluateAll((all) => all.map((one) => one.value).filter(Boolean));
  assert.deepEqual(typed, []);
  const text = await page.evaluate(() => document.body.textContent);
  for (const left of [/eve@/, /grace@/, /[A-Z2-7]{32}/, /"sub"/]) assert.doesNotMatch(text, left);
  assert.equal(await page.locator(".form-error:visible").count(), 0);
});
