// The browser's part of passkeys: it makes one, or proves that one is there. One prompt at a time.

import { ApiError, call, post } from "./app.js";

/** Whether the browser has passkeys, and reads the server's options itself. */
export const hasPasskeys = typeof globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON === "function";

// The prompt that waits behind a field, unseen.
let waiting;

/** Ends the prompt that waits behind a field. */
export function stopWaiting() {
  waiting?.abort();
  waiting = undefined;
}

// Browsers say little about what went wrong, so that a page learns nothing about the device.
function explained(error) {
  switch (error?.name) {
    case "NotAllowedError":
      return new ApiError("No passkey was used: the prompt was closed, took too long, or found none. Please try again.");
    case "InvalidStateError":
      return new ApiError("This device has a passkey of this account already.");
    case "SecurityError":
      return new ApiError("Passkeys don't work at this address.");
    case "NotSupportedError":
    case "ConstraintError":
      return new ApiError("This device can't make such a passkey. Please use another one.");
    default:
      return error;
  }
}

/** Asks the server for options, by an email or the token of a mailed link. */
export async function optionsToRegister(how) {
  const options = await post("/auth/webauthn/options/register", how);
  switch (options.status) {
    case "OK":
      return options;
    case "INVALID_EMAIL_ERROR":
      throw new ApiError(options.err);
    case "RECOVER_ACCOUNT_TOKEN_INVALID_ERROR":
      throw new ApiError("This link has expired or was used before. Please ask for a new one.");
    default:
      throw new ApiError(options.reason ?? options.status);
  }
}

/** Lets the user make a passkey, and answers what the server's routes take. `known` has those that are there. */
export async function makePasskey(options, known = []) {
  const excluded = known.map((id) => ({ type: "public-key", id }));
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON({
    ...options,
    excludeCredentials: [...options.excludeCredentials, ...excluded],
  });
  stopWaiting();
  try {
    const credential = await navigator.credentials.create({ publicKey });
    return { webauthnGeneratedOptionsId: options.webauthnGeneratedOptionsId, credential: credential.toJSON() };
  } catch (error) {
    throw explained(error);
  }
}

async function optionsToSignIn() {
  const options = await post("/auth/webauthn/options/signin", {});
  if (options.status !== "OK") throw new ApiError(options.reason ?? options.status);
  return options;
}

async function prove(options, more) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await navigator.credentials.get({ publicKey, ...more });
  return { webauthnGeneratedOptionsId: options.webauthnGeneratedOptionsId, credential: credential.toJSON() };
}

/** Lets the user choose a passkey, and answers the proof that it is there. */
export async function provePasskey() {
  stopWaiting();
  const options = await optionsToSignIn();
  try {
    return await prove(options, {});
  } catch (error) {
    throw explained(error);
  }
}

/**
 * Waits until the user chooses a passkey among what the browser fills a field with; answers nothing where that can't
 * be, and where another prompt came first. Nobody has asked for anything yet: what goes wrong is the console's alone.
 */
export async function waitForPasskey() {
  stopWaiting();
  const mine = new AbortController();
  waiting = mine;
  const { signal } = mine;
  try {
    if (!hasPasskeys || !(await PublicKeyCredential.isConditionalMediationAvailable?.())) return undefined;
    while (!signal.aborted) {
      const options = await optionsToSignIn();
      // Options expire, and a page may stay open for hours: new ones in time, and while it is hidden none.
      const renewal = new AbortController();
      const lifetime = Number(options.expiresAt) - Number(options.createdAt);
      const timer = setTimeout(() => renewal.abort(), Math.max(lifetime * 0.8, 5_000));
      try {
        return await prove(options, { mediation: "conditional", signal: AbortSignal.any([signal, renewal.signal]) });
      } catch (error) {
        if (!renewal.signal.aborted) throw error;
      } finally {
        clearTimeout(timer);
      }
      await untilVisible();
    }
  } catch (error) {
    if (!signal.aborted) console.debug("No passkey is filled in.", error);
  }
  return undefined;
}

function untilVisible() {
  if (!document.hidden) return undefined;
  return new Promise((done) => document.addEventListener("visibilitychange", done, { once: true }));
}

/** Tells the device that the server knows no such passkey, so that it offers it no more. */
export async function forgetOnDevice(rpId, credentialId) {
  // Few browsers have it yet; where it fails, the passkey is offered in vain, and no more than that.
  await PublicKeyCredential.signalUnknownCredential?.({ rpId, credentialId }).catch(() => {});
}

/** What the server answers about a passkey that it was shown, as an error to show. */
export function refusal(answer) {
  switch (answer.status) {
    case "INVALID_CREDENTIALS_ERROR":
      return new ApiError("No account has this passkey. Please sign in another way, or recover your account.");
    case "OPTIONS_NOT_FOUND_ERROR":
    case "INVALID_OPTIONS_ERROR":
      return new ApiError("That took too long. Please try again.");
    case "EMAIL_ALREADY_EXISTS_ERROR":
      return new ApiError("This email already has an account with a passkey. Please sign in.");
    case "RECOVER_ACCOUNT_TOKEN_INVALID_ERROR":
      return new ApiError("This link has expired or was used before. Please ask for a new one.");
    default:
      return new ApiError(answer.reason ?? answer.message ?? answer.status);
  }
}

/** Asks a route that changes something, which wants a factor that was completed a short while ago. */
export async function change(path, body) {
  const { code, answer } = await call(path, "POST", body);
  if (code === 403) {
    throw new ApiError("Please complete a factor once more, or sign out and in again; then try again.");
  }
  if (answer.status !== "OK") throw refusal(answer);
  return answer;
}
