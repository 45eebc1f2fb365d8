// A certified OpenID provider on loopback, and how a user works its pages.

import { generateKeyPairSync, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const CLIENT = { id: "example", secret: "the secret of the example" };

/** Who is known here: the name is the address, which is verified unless it begins so. */
const isVerified = (name) => !name.startsWith("unverified-");

function newKey() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), use: "sig", alg: "RS256" };
}

function openIdProvider(issuer, keys, redirectUris) {
  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: redirectUris }],
    cookies: { keys: [randomUUID()] },
    jwks: { keys },
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    findAccount: (_context, name) => ({
      accountId: name,
      claims: () => ({ sub: name, email: name, email_verified: isVerified(name) }),
    }),
  });
  return provider.callback();
}

/** Starts a provider, for an application that listens at `origin`. */
export async function startProvider(origin) {
  const redirectUris = [`${origin}/auth/callback/openid`, `${origin}/web-js.html`];
  let answer = (_request, response) => response.writeHead(503).end();
  const server = createServer((request, response) => answer(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://localhost:${server.address().port}`;
  let keys = [newKey()];
  const start = () => {
    answer = openIdProvider(issuer, keys, redirectUris);
  };
  start();

  return {
    /** What tells the example about it. */
    flags: ["--provider", issuer],
    environment: { OIDC_CLIENT_ID: CLIENT.id, OIDC_CLIENT_SECRET: CLIENT.secret },
    /** Signs by a new key from now on, and publishes no other. */
    rotateKeys() {
      keys = [newKey()];
      start();
    },
    /** Answers requests to paths that begin so by something else, until `repair` is called. */
    breakAt(path, status, body = "") {
      const whole = answer;
      answer = (request, response) =>
        request.url.startsWith(path) ? response.writeHead(status).end(body) : whole(request, response);
    },
    repair: start,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Signs in at the provider, and agrees. */
export async function signInAtProvider(page, name) {
  await page.locator("input[name=login]").fill(name);
  await page.locator("input[name=password]").fill("whatever");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

/** Changes one's mind at the provider. */
export const cancelAtProvider = (page) => page.getByText("[ Cancel ]").click();
