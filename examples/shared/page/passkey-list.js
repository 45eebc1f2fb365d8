// The user's passkeys: what there are, a new one, another name, and the end of one; and the offer to make the first.

import { $, ApiError, SignedOut, call, home, onClick, post, showStatus, textOf } from "./app.js";
import { change, forgetOnDevice, hasPasskeys, makePasskey, optionsToRegister, provePasskey, refusal } from "./webauthn.js";

// What the server told last.
let passkeys = [];
let user = { loginMethods: [] };
let keepsNames = false;

const time = (ms) => new Date(ms).toLocaleString();

function button(text, work) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: text });
  made.addEventListener("click", async () => {
    showStatus("");
    made.disabled = true;
    try {
      await work(made);
    } catch (error) {
      showStatus(textOf(error), true);
    } finally {
      made.disabled = false;
    }
  });
  return made;
}

function itemOf(passkey) {
  const { webauthnCredentialId, relyingPartyId, createdAt, lastUsedAt, name = "Passkey" } = passkey;
  const item = document.createElement("li");
  const title = Object.assign(document.createElement("b"), { textContent: name });
  const facts = Object.assign(document.createElement("span"), { className: "muted" });
  const used = lastUsedAt === undefined ? "never used" : `last used ${time(lastUsedAt)}`;
  facts.textContent = `${used}, made ${time(createdAt)}`;
  const rename = button("Rename", async () => {
    const field = Object.assign(document.createElement("input"), { value: name, maxLength: 64, name: "passkeyName" });
    field.setAttribute("aria-label", "Name of the passkey");
    const save = button("Save the name", async () => {
      const answer = await post("/auth/webauthn/credential/rename", { webauthnCredentialId, name: field.value });
      if (answer.status !== "OK") throw refusal(answer);
      await load();
      showStatus("The passkey has another name.");
    });
    item.replaceChildren(field, save);
    field.focus();
  });
  const remove = button("Remove", async (made) => {
    if (made.textContent === "Remove") {
      made.textContent = "Remove it for good";
      return;
    }
    await change("/auth/webauthn/credential/remove", { webauthnCredentialId });
    await forgetOnDevice(relyingPartyId, webauthnCredentialId);
    await load();
    showStatus("The passkey is removed.");
  });
  rename.hidden = !keepsNames;
  item.append(title, facts, rename, remove);
  return item;
}

async function load() {
  await loadOffer();
  const { code, answer } = await call("/auth/webauthn/credential/list");
  if (code !== 200 || answer.status !== "OK") throw new ApiError(answer.message ?? `No list of passkeys (${code}).`);
  passkeys = answer.credentials;
  $("passkey-list").replaceChildren(...passkeys.map(itemOf));
  $("passkey-none").hidden = passkeys.length > 0;
}

// Whether to offer the first passkey. A server without this route keeps no names either.
async function loadOffer() {
  const { answer } = await call("/auth/webauthn/promotion").catch((error) => {
    if (error instanceof SignedOut) throw error;
    return { answer: {} };
  });
  keepsNames = answer.status === "OK";
  $("passkey-offer").hidden = answer.shouldOffer !== true;
}

/** Makes a passkey for the user of the session. */
async function add() {
  // The first one is a login method of its own, which is linked to the user; others belong to that.
  const method = user.loginMethods.find(({ recipeId }) => recipeId === "webauthn");
  const email = method?.email ?? user.loginMethods.map((one) => one.email).find(Boolean);
  if (email === undefined) throw new ApiError("A passkey needs an email, and your account has none.");
  const options = await optionsToRegister({ email });
  const made = await makePasskey(options, passkeys.map(({ webauthnCredentialId }) => webauthnCredentialId));
  try {
    if (method) await change("/auth/webauthn/credential", { ...made, recipeUserId: method.recipeUserId });
    else await change("/auth/webauthn/signup", { ...made, shouldTryLinkingWithSessionUser: true });
  } catch (error) {
    await forgetOnDevice(options.rp.id, made.credential.id);
    throw error;
  }
  await home();
  showStatus("Your account has a new passkey.");
}

onClick("passkey-add", add);
onClick("passkey-accept", add);

async function decline(answer) {
  await post("/auth/webauthn/promotion", { answer });
  $("passkey-offer").hidden = true;
}
onClick("passkey-later", () => decline("later"));
onClick("passkey-never", () => decline("never"));

onClick("passkey-use", async () => {
  const proof = await provePasskey();
  const answer = await post("/auth/webauthn/signin", { ...proof, shouldTryLinkingWithSessionUser: true });
  if (answer.status !== "OK") throw refusal(answer);
  await home();
  showStatus("Your passkey was right.");
});

onClick("passkey-require", async () => {
  const answer = await post("/addRequiredFactor", { factorId: "webauthn" });
  if (answer.status !== "OK") throw new ApiError(answer.message ?? answer.status);
  await home();
  showStatus("From now on each session needs your passkey.");
});

document.addEventListener("factors-loaded", ({ detail: { next, alreadySetup } }) => {
  const isSetUp = alreadySetup.includes("webauthn");
  const isMissing = next.includes("webauthn") && isSetUp;
  $("passkey-missing").hidden = !isMissing;
  // Only a session that has completed every factor may require more; the guide's is open above.
  $("passkey-require").hidden = !isSetUp || next.length > 0 || !$("factor").hidden;
});

document.addEventListener("session-ended", () => {
  passkeys = [];
  user = { loginMethods: [] };
  $("passkey-list").replaceChildren();
  $("passkey-offer").hidden = true;
});

document.addEventListener("user-loaded", ({ detail }) => {
  user = detail;
  if (!hasPasskeys) return;
  load().catch((error) => {
    if (!(error instanceof SignedOut)) showStatus(textOf(error), true);
  });
});
