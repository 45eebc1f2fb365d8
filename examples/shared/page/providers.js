// Sign-in by a third party: the buttons, the way there, and the way back.

import { $, ApiError, call, home, post, show, showStatus, textOf } from "./app.js";

// What the way back needs of the way there. It lasts as long as the tab.
const ATTEMPT = "example-provider-attempt";

const redirectUri = (id) => `${location.origin}/auth/callback/${encodeURIComponent(id)}`;

function randomText() {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function leaveFor(id) {
  const query = new URLSearchParams({ thirdPartyId: id, redirectURIOnProviderDashboard: redirectUri(id) });
  const { code, answer } = await call(`/auth/authorisationurl?${query}`);
  if (answer.status !== "OK") throw new ApiError(answer.message ?? `The server refused the request (${code}).`);
  const state = randomText();
  const verifier = answer.pkceCodeVerifier;
  sessionStorage.setItem(ATTEMPT, JSON.stringify({ id, state, verifier }));
  const there = new URL(answer.urlWithQueryParams);
  there.searchParams.set("state", state);
  location.assign(there);
}

async function comeBack() {
  const returned = Object.fromEntries(new URLSearchParams(location.search));
  const attempt = JSON.parse(sessionStorage.getItem(ATTEMPT) ?? "{}");
  sessionStorage.removeItem(ATTEMPT);
  history.replaceState(null, "", "/");
  // Whoever was sent here by somebody else's link would sign in as that one.
  if (attempt.state === undefined || attempt.state !== returned.state) {
    throw new ApiError("This sign-in wasn't begun in this tab. Please try again.");
  }
  if (returned.error !== undefined) {
    throw new ApiError("The sign-in was cancelled.");
  }
  const answer = await post("/auth/signinup", {
    thirdPartyId: attempt.id,
    redirectURIInfo: {
      redirectURIOnProviderDashboard: redirectUri(attempt.id),
      redirectURIQueryParams: returned,
      pkceCodeVerifier: attempt.verifier,
    },
  });
  switch (answer.status) {
    case "OK":
      return home();
    case "NO_EMAIL_GIVEN_BY_PROVIDER":
      throw new ApiError("The provider gave no address. Please sign in another way.");
    default:
      throw new ApiError(answer.reason ?? answer.status);
  }
}

async function showButtons() {
  const { answer } = await call("/providers");
  for (const place of document.querySelectorAll("[data-providers]")) {
    for (const { id, name } of answer.providers) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "quiet";
      button.textContent = `Continue with ${name}`;
      button.addEventListener("click", () => {
        showStatus("");
        leaveFor(id).catch((error) => showStatus(textOf(error), true));
      });
      place.append(button);
    }
    place.hidden = answer.providers.length === 0;
  }
  for (const word of document.querySelectorAll("[data-providers-or]")) {
    word.hidden = answer.providers.length === 0;
  }
}

showButtons().catch((error) => showStatus(textOf(error), true));

if (location.pathname.startsWith("/auth/callback/")) {
  $("view-loading").hidden = false;
  comeBack().catch((error) => {
    show("sign-in");
    showStatus(textOf(error), true);
  });
}
