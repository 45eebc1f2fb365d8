// The second factor by SMS, with the phone number that was given at sign-up.

import assert from "node:assert/strict";
import { browserTests } from "./browser.mjs";
import { codeSentTo } from "./prebuilt.mjs";

const PASSWORD = "correct horse 1";

let count = 0;

/** `openFactor(page)` leads to where codes are asked for. */
export function smsCases(group, app, openFactor, ...serverFlags) {
  const browserTest = browserTests(group, ...serverFlags);

  async function signUp(page, phone) {
    count += 1;
    await app.openSignUp(page);
    await page.locator('input[name="phoneNumber"]:visible').fill(phone);
    await app.submitCredentials(page, `sms-${count}@example.com`, PASSWORD);
  }

  const newPhone = () => `+1202555${String(3000 + count)}`;

  browserTest("a code goes to the number from the sign-up and completes the factor in the same session", async ({ tab, server }) => {
    const page = await tab();
    const phone = newPhone();
    await signUp(page, `${phone.slice(0, 2)} ${phone.slice(2, 5)}-${phone.slice(5)}`);
    const session = await app.session(page);
    await openFactor(page);
    await page.getByRole("button", { name: "Send me a code" }).click();
    await page.getByText(`ends in ${phone.slice(-2)}`).waitFor();
    const { userInputCode } = await server.message("PASSWORDLESS_LOGIN", phone);
    assert.match(userInputCode, /^[0-9]{6}$/);
    await app.confirmCode(page, userInputCode === "000000" ? "111111" : "000000");
    await app.wrongCode(page);
    await app.confirmCode(page, userInputCode);
    await app.routesAreOpen(page);
    await app.openHome(page);
    assert.deepEqual(await app.session(page), session);
  });

  browserTest("a code that has expired is told from a wrong one, and a new one completes the factor", async ({ tab, server }) => {
    const page = await tab();
    const phone = newPhone();
    await signUp(page, phone);
    await app.session(page);
    await openFactor(page);
    // All of the page is there before the server goes away for a moment.
    await page.getByRole("button", { name: "Send me a code" }).waitFor();
    const expired = await server.expiring(async () => {
      await page.getByRole("button", { name: "Send me a code" }).click();
      // The code is on its way before the page has its answer.
      await page.locator("#code").waitFor();
      return codeSentTo(server, phone);
    });
    await app.confirmCode(page, expired);
    await page.getByText("This code has expired. Please ask for a new one.").waitFor();
    await page.locator("#code").waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Send me a code" }).click();
    await app.confirmCode(page, await codeSentTo(server, phone, 1));
    await app.routesAreOpen(page);
  });

  browserTest("what is no phone number is refused at sign-up", async ({ tab }) => {
    const page = await tab();
    await signUp(page, "12");
    assert.match(await app.fieldErrors(page), /country's code/);
  });

  browserTest("no code goes to another number than the one that was given first", async ({ tab }) => {
    const page = await tab();
    await signUp(page, newPhone());
    await app.session(page);
    await openFactor(page);
    await app.askForCode(page, "+12025559999");
    await page.getByText("Codes go to the phone number that you gave first.").waitFor();
  });

  return browserTest;
}
