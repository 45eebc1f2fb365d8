// Reaching for the tokens where the browser keeps them.

import { until } from "./until.mjs";

/** The name of the cookie with the access token; in header mode the front end keeps its own. */
const names = { cookie: "sAccessToken", header: "st-access-token" };

async function accessCookie(profile, transfer) {
  const found = (await profile.cookies()).filter(({ name }) => name === names[transfer]);
  return found.at(0);
}

export async function accessToken(profile, transfer) {
  return (await until("an access token", () => accessCookie(profile, transfer))).value;
}

/** Spoils the access token's signature, as good as expired: the next call has to refresh it. */
export async function spoilAccessToken(profile, transfer) {
  const cookie = await until("an access token", () => accessCookie(profile, transfer));
  const middle = cookie.value.length - 20;
  const other = cookie.value[middle] === "A" ? "B" : "A";
  cookie.value = cookie.value.slice(0, middle) + other + cookie.value.slice(middle + 1);
  await profile.addCookies([cookie]);
  return cookie.value;
}

/** The names of the session's tokens that the browser still has. */
export async function tokensKept(profile) {
  const tokens = ["sAccessToken", "sRefreshToken", "st-access-token", "st-refresh-token", "sFrontToken"];
  const cookies = await profile.cookies();
  return cookies.filter(({ name, value }) => tokens.includes(name) && value !== "").map(({ name }) => name);
}
