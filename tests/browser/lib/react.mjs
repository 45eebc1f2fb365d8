// How a user works the React app, prebuilt sign-in pages included.

import { codeSentTo } from "./prebuilt.mjs";

export function reactApp(transfer) {
  const start = `/?transfer=${transfer}`;
  const field = (page, name) => page.locator(`input[name="${name}"]`);
  const submit = (page) => page.locator('button[type="submit"]').first().click();

  async function fill(page, email, password) {
    await field(page, "email").fill(email);
    await field(page, "password").fill(password);
    await submit(page);
  }

  const app = {
    transfer,

    async openSignUp(page) {
      await page.goto(start);
      await page.waitForURL((url) => url.pathname.startsWith("/auth"));
      await page.goto("/auth?show=signup");
    },
    async openSignIn(page) {
      await page.goto(start);
      await page.waitForURL((url) => url.pathname.startsWith("/auth"));
      await page.goto("/auth?show=signin");
    },
    submitCredentials: fill,

    async fieldErrors(page) {
      const errors = page.locator('[data-supertokens~="inputErrorMessage"]');
      await errors.first().waitFor();
      return (await errors.allInnerTexts()).join(" ");
    },
    async formError(page) {
      const error = page.locator('[data-supertokens~="generalError"]');
      await error.waitFor();
      return error.innerText();
    },

    /** Waits for the home page and answers whose session it shows; signing in leads to the second factor's page. */
    async session(page) {
      await page.locator("#title-factor, #info-payload").waitFor({ state: "attached" });
      if (await page.locator("#title-factor").isVisible()) await page.goto("/");
      await page.locator("#info-payload").waitFor({ state: "attached" });
      return {
        user: await page.locator("#info-user").innerText(),
        handle: await page.locator("#info-session").innerText(),
      };
    },
    openHome: (page) => page.goto("/"),
    /** Calls the server from the page and answers the final status. */
    async ask(page) {
      const answer = page.waitForResponse((one) => one.url().endsWith("/sessioninfo") && one.status() !== 401);
      await page.locator("#load-session").click();
      return (await answer).status();
    },
    press: (page) => page.locator("#load-session").click(),
    signOut: (page) => page.getByRole("button", { name: "Sign out" }).click(),
    signedOut: (page) => field(page, "password").waitFor(),

    async askForReset(page, email) {
      await page.goto("/auth/reset-password");
      await field(page, "email").fill(email);
      await submit(page);
      await page.locator('[data-supertokens~="enterEmailSuccessMessage"]').waitFor();
    },
    async choosePassword(page, link, password) {
      await page.goto(link);
      await field(page, "password").fill(password);
      await field(page, "confirm-password").fill(password);
      await submit(page);
    },
    passwordChosen: (page) => page.getByText("Success!").waitFor(),
    linkRefused: (page) => page.getByText(/invalid|expired/i).first().waitFor(),

    async routesAreClosed(page) {
      for (const route of ["protected", "vault"]) {
        const card = page.locator(`#route-${route}`);
        await card.getByText("closed (403)").waitFor();
        await card.locator("pre").filter({ hasText: '"id": "2fa-completed"' }).waitFor();
      }
      await page.getByRole("link", { name: "Protected page" }).click();
      await page.waitForURL("**/app/second-factor**");
    },
    async askForCode(page, phone) {
      await page.getByLabel("Phone number").fill(phone);
      await page.getByRole("button", { name: "Send me a code" }).click();
    },
    async confirmCode(page, code) {
      await page.getByLabel("Code").fill(code);
      await page.getByRole("button", { name: "Confirm" }).click();
    },
    wrongCode: (page) => page.getByText("This code is wrong.").waitFor(),
    /** Completes the guide's factor, and comes back to the start. */
    async completeBySms(page, server, phone) {
      await page.goto("/app/second-factor");
      await app.askForCode(page, phone);
      await app.confirmCode(page, await codeSentTo(server, phone));
      await app.routesAreOpen(page);
    },
    async routesAreOpen(page) {
      await page.waitForURL("**/app/protected");
      await page.locator("#route-protected").getByText("open", { exact: true }).waitFor();
      await page.goto("/");
      for (const route of ["protected", "vault"]) {
        await page.locator(`#route-${route}`).getByText("open", { exact: true }).waitFor();
      }
    },
  };
  return app;
}
