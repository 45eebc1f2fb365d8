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
