// Sessions that are bound to a device: Chromium's own Device Bound Session Credentials, with keys in software.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { launchOptions } from "./lib/browser.mjs";
import { makeCertificate, startHttps } from "./lib/https.mjs";
import { plainPage } from "./lib/plain.mjs";
import { freePort, startServerAt } from "./lib/server.mjs";
import { until } from "./lib/until.mjs";

const FEATURES = ["DeviceBoundSessions", "EnableBoundSessionCredentialsSoftwareKeysForManualTesting"];
/** For how many seconds a proof counts. The server asks for none in the first ten after it had the key. */
const PROOF_SECONDS = 12;
const COOKIE = "sDeviceProof";

let browser;
let server;
let stopHttps;
let origin;
const requests = [];

before(async () => {
  const [port, inner] = [await freePort(), await freePort()];
  origin = `https://localhost:${port}`;
  server = await startServerAt(inner, origin, ["--plain", "--device-bound", `${PROOF_SECONDS}`]);
  const certificate = await makeCertificate();
  stopHttps = await startHttps(port, inner, certificate, (request) => requests.push(request));
  const args = [...launchOptions.args, certificate.flag, `--enable-features=${FEATURES}`];
  browser = await chromium.launch({ ...launchOptions, args });
});
after(async () => {
  await browser?.close();
  await stopHttps?.();
  await server?.stop();
});

/** What a page's own script gets for a refresh. */
const refresh = (page) =>
  page.evaluate(async () => {
    const headers = { rid: "session", "st-auth-mode": "cookie" };
    return (await fetch("/auth/session/refresh", { method: "POST", headers })).status;
  });

test("a copied jar refreshes nothing once the proof has ended, and its owner goes on", { timeout: 120_000 }, async () => {
  const app = plainPage();
  const owner = await browser.newContext({ baseURL: origin });
  const page = await owner.newPage();
  await app.openSignUp(page);
  await app.submitCredentials(page, "ada@example.com", "correct horse 1");
  await app.session(page);
  const proofIn = async (profile) => (await profile.cookies()).find((cookie) => cookie.name === COOKIE);
  const proof = await until("the browser's registration", () => proofIn(owner));
  assert.ok(requests.includes("POST /auth/session/device/register 200"), `${requests}`);
  assert.ok(proof.httpOnly && proof.secure && proof.path === "/auth/session/refresh", JSON.stringify(proof));
  assert.equal(await refresh(page), 200, "the owner, with the proof of the registration");

  const other = await browser.newContext({ baseURL: origin });
  await other.addCookies(await owner.cookies());
  const thief = await other.newPage();
  await thief.goto("/");
  // Not by its own front end, which would trade the token while the proof counts.
  const isOver = async () => !(await proofIn(other)) && !(await proofIn(owner));
  await until("the end of the proofs", isOver, 2 * PROOF_SECONDS);
  requests.length = 0;
  assert.equal(await refresh(thief), 401, "the thief");
  assert.ok(!requests.some((request) => request.includes("/session/device/")), `${requests}`);

  requests.length = 0;
  assert.equal(await refresh(page), 200, "the owner");
  // A proof that ends within minutes is renewed once more, beside the request.
  const [asked, renewed, ...others] = requests;
  assert.equal(asked, "POST /auth/session/device/renew 403");
  assert.equal(renewed, "POST /auth/session/device/renew 200");
  assert.ok(others.includes("POST /auth/session/refresh 200"), `${others}`);
  assert.equal(await refresh(page), 200, "the owner, with the proof that was renewed");
  await app.signOut(page);
  await app.signedOut(page);
  assert.equal(await proofIn(owner), undefined);
  await Promise.all([owner.close(), other.close()]);
});
