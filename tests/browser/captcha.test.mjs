// Sign-up where the server asks for a proof of work, which the pages do by themselves.

import assert from "node:assert/strict";
import { browserTests } from "./lib/browser.mjs";
import { plainPage } from "./lib/plain.mjs";
import { reactApp } from "./lib/react.mjs";

for (const [group, app, ...flags] of [
  ["Plain page", plainPage(), "--plain"],
  ["React", reactApp("cookie")],
]) {
  const browserTest = browserTests(`${group} with a captcha`, "--captcha", ...flags);

  browserTest("a new user signs up behind a proof of work", async ({ tab }) => {
    const page = await tab();
    const challenge = page.waitForResponse((one) => one.url().endsWith("/auth/captcha/challenge"));
    await app.openSignUp(page);
    await app.submitCredentials(page, "ada@example.com", "correct horse 1");
    assert.equal((await challenge).status(), 200);
    const { user } = await app.session(page);
    assert.notEqual(user, "");
  });
}
