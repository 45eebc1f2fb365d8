// The proof of work that the server asks for by Altcha's protocol: what its widget does, in a few lines.

const HEADER = "x-captcha-response";
const encoder = new TextEncoder();

async function sha256(text) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(text)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function solve({ algorithm, challenge, maxnumber, salt, signature }) {
  for (let number = 0; number <= maxnumber; number += 1) {
    if ((await sha256(salt + number)) === challenge) {
      return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
    }
  }
  throw new Error("The challenge has no solution.");
}

/** Where a challenge is, if the server wants one solved. */
async function wanted(response) {
  if (!response.headers.get("content-type")?.startsWith("application/json")) return undefined;
  const body = await response
    .clone()
    .json()
    .catch(() => null);
  return body?.reason === "CAPTCHA_REQUIRED" && body.provider === "altcha" ? body.challengeUrl : undefined;
}

/** The same `fetch`, which solves what the server asks for, and then asks again. */
export function solvingCaptchas(original) {
  return async (address, options) => {
    const response = await original(address, options);
    const url = await wanted(response);
    if (url === undefined) return response;
    const challenge = await original(url, { cache: "no-store" });
    const headers = new Headers(options?.headers);
    headers.set(HEADER, await solve(await challenge.json()));
    return original(address, { ...options, headers });
  };
}
