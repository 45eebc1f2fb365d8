// An authenticator that keeps passkeys for one page, and how its owner behaves.

import { until } from "./until.mjs";

/** Gives a page an authenticator of its own: it knows its owner, who agrees to everything. */
export async function authenticatorOf(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const send = (command, more = {}) => devtools.send(`WebAuthn.${command}`, { authenticatorId, ...more });
  const passkeys = async () => (await send("getCredentials")).credentials;

  return {
    passkeys,
    /** Waits until there are so many passkeys. */
    has: (count) => until(`${count} passkeys`, async () => (await passkeys()).length === count),
    /** The owner loses the device and has a new one, with nothing on it. */
    lose: () => send("clearCredentials"),
    /** Takes the passkeys of another page's authenticator, as a browser does for all of its pages. */
    async takeFrom(other) {
      for (const credential of await other.passkeys()) await send("addCredential", { credential });
    },
    /** From now on the owner's finger is known, or isn't. */
    knowsOwner: (isUserVerified) => send("setUserVerified", { isUserVerified }),
    /** From now on the owner touches the device when asked, or doesn't. */
    ownerIsThere: (enabled) => send("setAutomaticPresenceSimulation", { enabled }),
  };
}

/** The browser fills nothing in: only a button leads to a prompt. */
export const withoutAutofill = (page) =>
  page.addInitScript(() => {
    PublicKeyCredential.isConditionalMediationAvailable = async () => false;
  });

/** The next prompts of the page are closed by the user. */
export const closePrompts = (page) =>
  page.evaluate(() => {
    const close = async () => {
      throw new DOMException("The user closed it.", "NotAllowedError");
    };
    navigator.credentials.get = close;
    navigator.credentials.create = close;
  });
