// How a user works the plain page.

export function plainPage() {
  const seen = (page, id) => page.locator(id).waitFor();

  return {
    transfer: "cookie",

    async openSignUp(page) {
      await page.goto("/");
      await page.getByRole("button", { name: "Create an account" }).click();
    },
    async openSignIn(page) {
      await page.goto("/");
      await seen(page, "#view-sign-in");
    },
    async submitCredentials(page, email, password) {
      await page.locator("input[name=email]:visible").fill(email);
      await page.locator("input[name=password]:visible").fill(password);
      await page.locator("button[type=submit]:visible").click();
    },
    async fieldErrors(page) {
      const errors = page.locator(".field-error:visible");
      await errors.first().waitFor();
      return (await errors.allInnerTexts()).join(" ");
    },
    async formError(page) {
      const error = page.locator(".form-error:visible");
      await error.waitFor();
      return error.innerText();
    },

    async session(page) {
      await seen(page, "#view-home");
      return {
        user: await page.locator("#info-user").innerText(),
        handle: await page.locator("#info-session").innerText(),
      };
    },
    openHome: (page) => page.goto("/"),
    async ask(page) {
      const answer = page.waitForResponse((one) => one.url().endsWith("/vault") && one.status() !== 401);
      await page.locator("#try-routes").click();
      // 403 is the answer of a valid session that lacks the second factor.
      const status = (await answer).status();
      return status === 403 ? 200 : status;
    },
    press: (page) => page.locator("#try-routes").click(),
    signOut: (page) => page.locator("#sign-out").click(),
    signedOut: (page) => seen(page, "#view-sign-in"),

    async askForReset(page, email) {
      await page.goto("/");
      await page.getByRole("button", { name: "Forgot your password?" }).click();
      await page.locator("#forgot-email").fill(email);
      await page.getByRole("button", { name: "Send the link" }).click();
      await page.getByText("a link is on its way").waitFor();
    },
    async choosePassword(page, link, password) {
      await page.goto(link);
      await page.locator("#reset-password").fill(password);
      await page.getByRole("button", { name: "Change password" }).click();
    },
    passwordChosen: (page) => page.getByText("Your password is changed").waitFor(),
    linkRefused: (page) => page.getByText("has expired or was used before").waitFor(),

    async routesAreClosed(page) {
      for (const route of ["protected", "vault"]) {
        const card = page.locator(`#route-${route}`);
        await card.getByText("closed (403)").waitFor();
        await card.locator("pre").filter({ hasText: '"id": "2fa-completed"' }).waitFor();
      }
    },
    async askForCode(page, phone) {
      await page.locator("#phone").fill(phone);
      await page.getByRole("button", { name: "Send me a code" }).click();
    },
    async confirmCode(page, code) {
      await page.locator("#code").fill(code);
      await page.getByRole("button", { name: "Confirm" }).click();
    },
    wrongCode: (page) => page.getByText("This code is wrong.").waitFor(),
    async routesAreOpen(page) {
      await page.getByText("The second factor is completed.").waitFor();
      for (const route of ["protected", "vault"]) {
        await page.locator(`#route-${route}`).getByText("open", { exact: true }).waitFor();
      }
    },
  };
}
