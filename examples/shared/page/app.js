// The plain page: the same flow as the web app, with nothing but the platform.

import { solvingCaptchas } from "./captcha.js";

const FRONT_TOKEN = "example-front-token";
const LOCK = "example-refresh";
const FACTOR_CLAIM = "2fa-completed";

// Bound, because browsers want it called as theirs.
const ask = solvingCaptchas(fetch.bind(window));

const $ = (id) => document.getElementById(id);

class ApiError extends Error {}
class SignedOut extends Error {}

// ---- calls ----

function send(path, method = "GET", body = undefined) {
  const headers = { rid: "anti-csrf", "st-auth-mode": "cookie", "fdi-version": "4.2" };
  if (body !== undefined) headers["content-type"] = "application/json";
  return ask(path, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: "same-origin",
    cache: "no-store",
  });
}

// The front token tells every tab which session there is; its text changes with each new access token.
function keepFrontToken(response) {
  const token = response.headers.get("front-token");
  if (token === "remove") localStorage.removeItem(FRONT_TOKEN);
  else if (token !== null) localStorage.setItem(FRONT_TOKEN, token);
}

function withLock(work) {
  // Locks exist on https and localhost only; elsewhere two tabs may refresh at once, which the server allows for.
  return navigator.locks ? navigator.locks.request(LOCK, work) : work();
}

// Gets new tokens unless another tab has done so since `seen` was read.
function refreshSession(seen) {
  return withLock(async () => {
    const current = localStorage.getItem(FRONT_TOKEN);
    if (current === null) throw new SignedOut();
    if (current !== seen) return;
    const response = await send("/auth/session/refresh", "POST");
    keepFrontToken(response);
    if (response.status === 401) {
      localStorage.removeItem(FRONT_TOKEN);
      throw new SignedOut();
    }
    if (!response.ok) throw new ApiError(`The session could not be refreshed (${response.status}).`);
  });
}

// Answers the status and the JSON body; a 401 leads to one refresh and one more try.
async function call(path, method, body) {
  const seen = localStorage.getItem(FRONT_TOKEN);
  let response;
  try {
    response = await send(path, method, body);
    keepFrontToken(response);
    if (response.status === 401) {
      if (seen === null) throw new SignedOut();
      await refreshSession(seen);
      response = await send(path, method, body);
      keepFrontToken(response);
      if (response.status === 401) throw new SignedOut();
    }
  } catch (error) {
    if (error instanceof TypeError) throw new ApiError("The server cannot be reached.");
    throw error;
  }
  let answer;
  try {
    answer = await response.json();
  } catch {
    throw new ApiError(`The server gave an answer that is not JSON (${response.status}).`);
  }
  return { code: response.status, answer };
}

// For the routes whose outcome is a `status` in the body.
async function post(path, body) {
  const { code, answer } = await call(path, "POST", body);
  if (answer.status === "GENERAL_ERROR" || answer.status === undefined) {
    throw new ApiError(answer.message ?? `The server refused the request (${code}).`);
  }
  return answer;
}

// ---- forms ----

function clearErrors(form) {
  for (const old of form.querySelectorAll(".field-error")) old.remove();
  for (const input of form.querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
  }
  form.querySelector(".form-error").hidden = true;
}

function showFormError(form, text) {
  const place = form.querySelector(".form-error");
  place.textContent = text;
  place.hidden = false;
}

function showFieldErrors(form, fields) {
  for (const { id, error } of fields) {
    const input = form.elements.namedItem(id);
    if (!(input instanceof HTMLInputElement)) {
      showFormError(form, error);
      continue;
    }
    const text = document.createElement("p");
    text.className = "field-error";
    text.id = `${input.id}-error`;
    text.textContent = error;
    input.after(text);
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", text.id);
  }
  form.querySelector("[aria-invalid]")?.focus();
}

// Runs `work` when the form is sent; whatever goes wrong ends up as text in the form.
function onSubmit(id, work) {
  const form = $(id);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    if (button.disabled) return;
    clearErrors(form);
    showStatus("");
    button.disabled = true;
    try {
      await work(form);
    } catch (error) {
      if (error instanceof SignedOut) signedOut();
      else showFormError(form, textOf(error));
    } finally {
      button.disabled = false;
    }
  });
}

function onClick(id, work) {
  $(id).addEventListener("click", async () => {
    showStatus("");
    try {
      await work();
    } catch (error) {
      if (error instanceof SignedOut) signedOut();
      else showStatus(textOf(error), true);
    }
  });
}

function textOf(error) {
  if (error instanceof ApiError) return error.message;
  console.error(error);
  return "Something went wrong in this page. The browser's console has the details.";
}

function fieldsOf(form, ...names) {
  return names.map((id) => ({ id, value: form.elements.namedItem(id).value }));
}

// ---- views ----

const views = ["loading", "sign-in", "sign-up", "forgot", "reset", "recover", "new-passkey", "home"];

function show(view) {
  for (const name of views) $(`view-${name}`).hidden = name !== view;
  $("sign-out").hidden = view !== "home";
  const form = document.querySelector(`#view-${view} form`);
  if (form) clearErrors(form);
  document.querySelector(`#view-${view} h1`)?.focus();
  document.dispatchEvent(new CustomEvent("view-shown", { detail: view }));
}

function showStatus(text, isError = false) {
  $("status").textContent = text;
  $("status").classList.toggle("error", isError);
  $("status").hidden = text === "";
}

// Whoever comes next sees nothing of what was typed or shown before, not even in an attempt that failed.
function forget() {
  for (const form of document.forms) {
    form.reset();
    if (form.querySelector(".form-error")) clearErrors(form);
  }
  for (const id of ["info-user", "info-session", "info-payload"]) $(id).textContent = "";
  for (const answer of document.querySelectorAll(".route pre")) answer.textContent = "";
  knownNumber = undefined;
  device = undefined;
  document.dispatchEvent(new Event("session-ended"));
}

function signedOut(text = "Your session has ended. Please sign in again.") {
  localStorage.removeItem(FRONT_TOKEN);
  forget();
  show("sign-in");
  showStatus(text);
}

function badge(element, open, text) {
  element.className = `badge ${open ? "open" : "closed"}`;
  element.textContent = text;
}

async function tryRoute(path, place) {
  const { code, answer } = await call(path);
  const open = code === 200;
  badge(place.querySelector(".badge"), open, open ? "open" : `closed (${code})`);
  place.querySelector("pre").textContent = JSON.stringify(answer, null, 2);
}

async function tryRoutes() {
  await tryRoute("/protected", $("route-protected"));
  await tryRoute("/vault", $("route-vault"));
}

// The number that codes go to, once the user has given one; and the device that waits for a code.
let knownNumber;
let device;

async function loadSession() {
  const { code, answer } = await call("/sessioninfo");
  if (code !== 200) throw new ApiError(answer.message ?? `No session information (${code}).`);
  const done = answer.accessTokenPayload[FACTOR_CLAIM]?.v === true;
  knownNumber = answer.accessTokenPayload.phoneNumber;
  $("info-user").textContent = answer.userId;
  $("info-session").textContent = answer.sessionHandle;
  $("info-payload").textContent = JSON.stringify(answer.accessTokenPayload, null, 2);
  badge($("info-factor"), done, done ? "completed" : "not completed");
  $("factor").hidden = done;
  document.dispatchEvent(new CustomEvent("session-loaded", { detail: answer.accessTokenPayload }));
  document.dispatchEvent(new CustomEvent("user-loaded", { detail: answer.user ?? { loginMethods: [] } }));
  await tryRoutes();
}

async function home() {
  for (const form of document.forms) form.reset();
  $("form-factor").hidden = true;
  await loadSession();
  show("home");
}

// After a sign-in, whatever page it began on.
function enterHome() {
  if (location.pathname !== "/") history.replaceState(null, "", "/");
  return home();
}

async function start() {
  if (location.pathname.endsWith("/reset-password")) {
    // The mail about a changed password leads here without a token.
    return show(new URLSearchParams(location.search).has("token") ? "reset" : "forgot");
  }
  if (location.pathname.endsWith("/webauthn/recover")) {
    // The mail about an account that was recovered leads here without a token.
    return show(new URLSearchParams(location.search).has("token") ? "new-passkey" : "recover");
  }
  if (location.pathname.endsWith("/verify")) return followLink();
  // What comes back from a provider, and the link that verifies an address, have scripts of their own.
  if (/^\/auth\/(callback\/|verify-email$)/.test(location.pathname)) return;
  if (localStorage.getItem(FRONT_TOKEN) === null) return show("sign-in");
  try {
    await home();
  } catch (error) {
    if (error instanceof SignedOut) return signedOut();
    show("sign-in");
    showStatus(textOf(error), true);
  }
}

// ---- what the user can do ----

async function enter(form, path, ...more) {
  const answer = await post(path, { formFields: fieldsOf(form, "email", "password", ...more) });
  switch (answer.status) {
    case "OK":
      form.reset();
      return enterHome();
    case "FIELD_ERROR":
      return showFieldErrors(form, answer.formFields);
    case "WRONG_CREDENTIALS_ERROR":
      throw new ApiError("The email or the password is wrong.");
    default:
      throw new ApiError(answer.reason ?? answer.status);
  }
}

onSubmit("form-sign-in", (form) => enter(form, "/auth/signin"));
onSubmit("form-sign-up", (form) => enter(form, "/auth/signup", "phoneNumber"));

// A link that was sent by the Passwordless recipe. Its code stands after `#`, where no server sees it.
async function followLink() {
  const preAuthSessionId = new URLSearchParams(location.search).get("preAuthSessionId");
  const linkCode = location.hash.slice(1);
  history.replaceState(null, "", "/");
  try {
    const { status } = await post("/auth/signinup/code/consume", { preAuthSessionId, linkCode });
    if (status === "OK") return await home();
    throw new ApiError("This link has expired or was used before. Please ask for a new one.");
  } catch (error) {
    show("sign-in");
    showStatus(textOf(error), true);
  }
}

onSubmit("form-forgot", async (form) => {
  const answer = await post("/auth/user/password/reset/token", { formFields: fieldsOf(form, "email") });
  if (answer.status === "FIELD_ERROR") return showFieldErrors(form, answer.formFields);
  if (answer.status !== "OK") throw new ApiError(answer.reason ?? answer.status);
  form.reset();
  showStatus("If there is an account with this email, a link is on its way.");
});

onSubmit("form-reset", async (form) => {
  const token = new URLSearchParams(location.search).get("token");
  if (!token) throw new ApiError("This link is incomplete. Please ask for a new one.");
  const answer = await post("/auth/user/password/reset", {
    method: "token",
    token,
    formFields: fieldsOf(form, "password"),
  });
  switch (answer.status) {
    case "OK":
      form.reset();
      history.replaceState(null, "", "/");
      show("sign-in");
      return showStatus("Your password is changed. Please sign in with the new one.");
    case "FIELD_ERROR":
      return showFieldErrors(form, answer.formFields);
    case "RESET_PASSWORD_INVALID_TOKEN_ERROR":
      throw new ApiError("This link has expired or was used before. Please ask for a new one.");
    default:
      throw new ApiError(answer.status);
  }
});

// The second factor: a code by SMS, confirmed within this session.
onSubmit("form-code", async (form) => {
  const phoneNumber = form.elements.namedItem("phoneNumber").value.trim() || knownNumber;
  if (!phoneNumber) return showFieldErrors(form, [{ id: "phoneNumber", error: "Please give your phone number." }]);
  const answer = await post("/auth/signinup/code", { phoneNumber });
  if (answer.status !== "OK") throw new ApiError(answer.reason ?? answer.status);
  device = { deviceId: answer.deviceId, preAuthSessionId: answer.preAuthSessionId };
  $("form-factor").hidden = false;
  clearErrors($("form-factor"));
  showStatus(`A code was sent to the number that ends in ${phoneNumber.slice(-2)}.`);
  $("code").focus();
});

function askForNewCode(form, text) {
  form.reset();
  form.hidden = true;
  showFormError($("form-code"), text);
  $("phone").focus();
}

onSubmit("form-factor", async (form) => {
  const userInputCode = form.elements.namedItem("code").value.trim();
  const answer = await post("/auth/signinup/code/consume", { ...device, userInputCode });
  switch (answer.status) {
    case "OK":
      await home();
      return showStatus("The second factor is completed.");
    case "INCORRECT_USER_INPUT_CODE_ERROR": {
      const left = answer.maximumCodeInputAttempts - answer.failedCodeInputAttemptCount;
      return showFieldErrors(form, [{ id: "code", error: `This code is wrong. Attempts left: ${left}.` }]);
    }
    case "EXPIRED_USER_INPUT_CODE_ERROR":
      return askForNewCode(form, "This code has expired. Please ask for a new one.");
    case "RESTART_FLOW_ERROR":
      return askForNewCode(form, "There is no code to confirm any more. Please ask for a new one.");
    default:
      throw new ApiError(answer.reason ?? answer.status);
  }
});

onClick("sign-out", async () => {
  await post("/auth/signout");
  signedOut("You are signed out.");
});

onClick("refresh", async () => {
  await refreshSession(localStorage.getItem(FRONT_TOKEN));
  await loadSession();
  showStatus("The session has new tokens.");
});

onClick("try-routes", tryRoutes);

for (const button of document.querySelectorAll("[data-view]")) {
  button.addEventListener("click", () => {
    showStatus("");
    show(button.dataset.view);
  });
}

// Another tab signed in or out.
addEventListener("storage", (event) => {
  if (event.key !== FRONT_TOKEN) return;
  const wasIn = !$("view-home").hidden;
  if (event.newValue === null && wasIn) signedOut("You signed out in another tab.");
  else if (event.newValue !== null && event.oldValue === null && !$("view-sign-in").hidden) start();
});

start();

// For the scripts beside this one.
export {
  $, ApiError, SignedOut, badge, call, clearErrors, enterHome, home, onClick, onSubmit, post, show, showFieldErrors,
  showStatus, start, textOf,
};
