// How a user works the prebuilt pages of codes and factors.

const wrong = (code) => (code === "000000" ? "111111" : "000000");

export const codeField = (page) => page.locator('input[name="userInputCode"]');

/** Types a code in and sends it. */
export async function enterCode(page, code) {
  await codeField(page).fill(code);
  await page.locator('button[type="submit"]').click();
}

/** Sends a code that isn't the right one, and waits for what the page says. */
export async function enterWrongCode(page, code) {
  return await statusOfCode(page, wrong(code));
}

/** Enters a code, and tells the status of the answer. */
export async function statusOfCode(page, code) {
  const answer = page.waitForResponse((one) => one.url().endsWith("/auth/signinup/code/consume"));
  await enterCode(page, code);
  return (await (await answer).json()).status;
}

export const generalError = (page) => page.locator('[data-supertokens~="generalError"]');

/** Gives the phone number that the page asks for. */
export async function enterPhone(page, phone) {
  await page.locator('input[type="tel"]').fill(phone);
  await page.locator('button[type="submit"]').click();
}

/** The factors that the chooser offers. */
export async function offeredFactors(page) {
  await page.getByText("Please select a factor").waitFor();
  const names = await page.locator('[data-supertokens~="factorName"]').allInnerTexts();
  return names.toSorted();
}

export const chooseFactor = (page, name) => page.getByText(name, { exact: true }).click();

/** Waits for the code to come, by mail or by SMS; `after` earlier ones are skipped. */
export async function codeSentTo(server, contact, after = 0) {
  const { userInputCode } = await server.message("PASSWORDLESS_LOGIN", contact, after);
  return userInputCode;
}
