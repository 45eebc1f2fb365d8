import assert from "node:assert/strict";
import { plainPage } from "./lib/plain.mjs";
import { smsCases } from "./lib/sms-cases.mjs";

const app = plainPage();
const browserTest = smsCases("Plain page, SMS", app, async () => {}, "--plain");

browserTest("a mailed link signs in, once", async ({ tab, server }) => {
  const page = await tab();
  const email = "link@example.com";
  await page.request.post("/auth/signinup/code", { data: { email } });
  const { link } = await server.message("PASSWORDLESS_LOGIN", email);
  await page.goto(link);
  await app.session(page);
  await app.signOut(page);
  await app.signedOut(page);
  const second = await tab();
  await second.goto(link);
  await second.getByText("has expired or was used before").waitFor();
});

browserTest("a mailed link that has expired leads to the sign-in, which says so", async ({ tab, server }) => {
  const page = await tab();
  const email = "late@example.com";
  const { link } = await server.expiring(async () => {
    await page.request.post("/auth/signinup/code", { data: { email } });
    return server.message("PASSWORDLESS_LOGIN", email);
  });
  await page.goto(link);
  await page.getByText("has expired or was used before").waitFor();
  await app.signedOut(page);
});

// What the page's own calls look like, without the page.
const headers = { rid: "anti-csrf", "st-auth-mode": "cookie", "fdi-version": "4.2" };
const post = async (page, path, data) => {
  const answer = await page.request.post(path, { headers, data });
  return { code: answer.status(), ...(await answer.json()) };
};
const credentials = (email, ...more) => ({
  formFields: [{ id: "email", value: email }, { id: "password", value: "correct horse 1" }, ...more],
});

browserTest("a code completes the session that asked for it, no other, and makes no user", async ({ tab, otherBrowser, server }) => {
  const [email, phone] = ["session@example.com", "+12025553901"];
  const page = await tab();
  const { user } = await post(page, "/auth/signup", credentials(email, { id: "phoneNumber", value: phone }));
  const elsewhere = await otherBrowser();
  await post(elsewhere, "/auth/signin", credentials(email));
  const { deviceId, preAuthSessionId } = await post(page, "/auth/signinup/code", { phoneNumber: phone });
  const { userInputCode } = await server.message("PASSWORDLESS_LOGIN", phone);
  const proof = { deviceId, preAuthSessionId, userInputCode };
  assert.equal((await post(elsewhere, "/auth/signinup/code/consume", proof)).status, "RESTART_FLOW_ERROR");
  assert.equal((await elsewhere.request.get("/vault")).status(), 403);
  const done = await post(page, "/auth/signinup/code/consume", proof);
  assert.deepEqual([done.status, done.user.id, done.user.loginMethods.length], ["OK", user.id, 1]);
  assert.equal((await page.request.get("/vault")).status(), 200);
});

browserTest("a session that lacks a factor requires none of its user", async ({ tab }) => {
  const page = await tab();
  await post(page, "/auth/signup", credentials("incomplete@example.com"));
  const answer = await post(page, "/addRequiredFactor", { factorId: "otp-phone" });
  assert.deepEqual([answer.code, answer.claimValidationErrors[0].id], [403, "2fa-completed"]);
});

browserTest("the phone that a session was started by doesn't open the vault", async ({ tab, server }) => {
  const page = await tab();
  const phone = "+12025553902";
  const { deviceId, preAuthSessionId } = await post(page, "/auth/signinup/code", { phoneNumber: phone });
  const { userInputCode } = await server.message("PASSWORDLESS_LOGIN", phone);
  const signedIn = await post(page, "/auth/signinup/code/consume", { deviceId, preAuthSessionId, userInputCode });
  assert.equal(signedIn.status, "OK");
  for (const path of ["/auth/signinup/code", "/second-factor/code"]) {
    const again = await page.request.post(path, { headers, data: { phoneNumber: phone } });
    assert.match((await again.json()).message, /You signed in by this phone/, path);
  }
  assert.equal((await page.request.get("/vault")).status(), 403);
});
