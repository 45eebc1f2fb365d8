// Codes and links as first factors, on the prebuilt pages.

import assert from "node:assert/strict";
import { browserTests } from "./lib/browser.mjs";
import { codeField, codeSentTo, enterCode, enterPhone, enterWrongCode, generalError } from "./lib/prebuilt.mjs";
import { reactApp } from "./lib/react.mjs";

let count = 0;
const newEmail = () => `passwordless-${++count}@example.com`;

async function open(page, transfer, first) {
  await page.goto(`/?transfer=${transfer}&first=${first}`);
  await page.waitForURL((url) => url.pathname.startsWith("/auth"));
  // All of the page is there before the server goes away for a moment, as it does in some tests.
  await page.locator("input").first().waitFor();
}

async function askByMail(page, email) {
  await page.locator('input[name="email"]').fill(email);
  await page.locator('button[type="submit"]').click();
}

const codes = browserTests("React app, sign-in by code", "--passwordless", "code");
const links = browserTests("React app, sign-in by link", "--passwordless", "link");

for (const transfer of ["cookie", "header"]) {
  const app = reactApp(transfer);

  codes(`a code by mail signs a new user in, and the same user again (${transfer})`, async ({ tab, server }) => {
    const page = await tab();
    const email = newEmail();
    await open(page, transfer, "otp-email,otp-phone");
    await askByMail(page, email);
    await codeField(page).waitFor();
    const first = await codeSentTo(server, email);
    assert.equal(await enterWrongCode(page, first), "INCORRECT_USER_INPUT_CODE_ERROR");
    await generalError(page).getByText("Invalid OTP").waitFor();
    await enterCode(page, first);
    const { user } = await app.session(page);

    await app.signOut(page);
    await page.locator('input[name="email"]').waitFor();
    await askByMail(page, email);
    await codeField(page).waitFor();
    await enterCode(page, await codeSentTo(server, email, 1));
    assert.equal((await app.session(page)).user, user);
  });

  codes(`a code by SMS signs in (${transfer})`, async ({ tab, server }) => {
    const page = await tab();
    const phone = `+1202555${7000 + ++count}`;
    await open(page, transfer, "otp-email,otp-phone");
    await page.getByText("Use a Phone number").click();
    await enterPhone(page, phone);
    await codeField(page).waitFor();
    const code = await codeSentTo(server, phone);
    await enterCode(page, code);
    await app.session(page);
  });

  codes(`a code that has expired is told from a wrong one, and a new one signs in (${transfer})`, async ({ tab, server }) => {
    const page = await tab();
    await page.clock.install();
    const email = newEmail();
    await open(page, transfer, "otp-email,otp-phone");
    const expired = await server.expiring(async () => {
      await askByMail(page, email);
      await codeField(page).waitFor();
      return codeSentTo(server, email);
    });
    await enterCode(page, expired);
    await generalError(page).getByText("Expired OTP.").waitFor();
    // The page offers a new one after a while.
    await page.clock.fastForward(20_000);
    await page.getByRole("button", { name: "Resend Email" }).click();
    await page.getByText("Email resent").waitFor();
    await enterCode(page, await codeSentTo(server, email, 1));
    await app.session(page);
  });

  links(`a mailed link signs in where it was asked for, once (${transfer})`, async ({ tab, server }) => {
    const page = await tab();
    const email = newEmail();
    await open(page, transfer, "link-email,link-phone");
    await askByMail(page, email);
    await page.getByText("Link sent!").waitFor();
    const { link, userInputCode } = await server.message("PASSWORDLESS_LOGIN", email);
    assert.equal(userInputCode, undefined);
    const second = await tab();
    await second.goto(link);
    await app.session(second);

    await app.signOut(second);
    await second.locator('input[name="email"]').waitFor();
    await second.goto(link);
    await second.getByRole("button", { name: "CONTINUE" }).click();
    await second.getByText("Invalid magic link. Please try again.").waitFor();
  });

  links(`a mailed link that has expired is refused, and a new one signs in (${transfer})`, async ({ tab, server }) => {
    const page = await tab();
    const email = newEmail();
    await open(page, transfer, "link-email,link-phone");
    const { link } = await server.expiring(async () => {
      await askByMail(page, email);
      await page.getByText("Link sent!").waitFor();
      return server.message("PASSWORDLESS_LOGIN", email);
    });
    await page.goto(link);
    await page.getByText("Invalid magic link. Please try again.").waitFor();
    await page.getByRole("button", { name: "Resend Email" }).click();
    const { link: another } = await server.message("PASSWORDLESS_LOGIN", email, 1);
    await page.goto(another);
    await app.session(page);
  });

  links(`in another browser a mailed link signs in after a question (${transfer})`, async ({ tab, otherBrowser, server }) => {
    const page = await tab();
    const email = newEmail();
    await open(page, transfer, "link-email,link-phone");
    await askByMail(page, email);
    await page.getByText("Link sent!").waitFor();
    const { link } = await server.message("PASSWORDLESS_LOGIN", email);
    const stranger = await otherBrowser();
    await stranger.goto(`/auth?transfer=${transfer}&first=link-email,link-phone`);
    await stranger.goto(link);
    await stranger.getByText("Click the button below to log in on this device").waitFor();
    await stranger.getByRole("button", { name: "CONTINUE" }).click();
    await app.session(stranger);
  });
}
