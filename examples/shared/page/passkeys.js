// Sign-up and sign-in by a passkey, and a new one for who has lost theirs.

import {
  $, ApiError, SignedOut, call, clearErrors, enterHome, onClick, onSubmit, post, show, showFieldErrors, showStatus, textOf,
} from "./app.js";
import {
  change, forgetOnDevice, hasPasskeys, makePasskey, optionsToRegister, provePasskey, refusal, stopWaiting, waitForPasskey,
} from "./webauthn.js";

for (const part of document.querySelectorAll("[data-passkeys]")) part.hidden = !hasPasskeys;

async function signInBy(proof) {
  const answer = await post("/auth/webauthn/signin", proof);
  if (answer.status !== "OK") throw refusal(answer);
  await enterHome();
}

onClick("passkey-sign-in", async () => {
  try {
    await signInBy(await provePasskey());
  } catch (error) {
    offerInField();
    throw error;
  }
});

// The browser offers passkeys where it fills in the email.
async function offerInField() {
  const proof = await waitForPasskey();
  if (proof === undefined) return;
  try {
    await signInBy(proof);
  } catch (error) {
    // Now the user has chosen one, and is told.
    if (error instanceof SignedOut) show("sign-in");
    else showStatus(textOf(error), true);
  }
}

document.addEventListener("view-shown", ({ detail }) => {
  if (detail === "sign-in") void offerInField();
  else stopWaiting();
});
// The first view may have been there before this script.
if (!$("view-sign-in").hidden) void offerInField();

onClick("passkey-sign-up", async () => {
  const form = $("form-sign-up");
  clearErrors(form);
  const email = form.elements.namedItem("email").value.trim();
  const refuse = (error) => showFieldErrors(form, [{ id: "email", error }]);
  if (email === "") return refuse("Please give your email, by which you can recover your account.");
  // Who is known hears it before the device keeps a passkey for nothing.
  const { answer } = await call(`/auth/webauthn/email/exists?email=${encodeURIComponent(email)}`);
  if (answer.exists) return refuse("This email already exists. Please sign in instead.");
  const options = await optionsToRegister({ email });
  const made = await makePasskey(options);
  try {
    await change("/auth/webauthn/signup", made);
  } catch (error) {
    await forgetOnDevice(options.rp.id, made.credential.id);
    throw error;
  }
  await enterHome();
});

onSubmit("form-recover", async (form) => {
  const email = form.elements.namedItem("email").value.trim();
  const answer = await post("/auth/user/webauthn/reset/token", { email });
  if (answer.status !== "OK") throw refusal(answer);
  form.reset();
  showStatus("If there is an account with this email, a link is on its way.");
});

onSubmit("form-new-passkey", async () => {
  const token = new URLSearchParams(location.search).get("token");
  if (!token) throw new ApiError("This link is incomplete. Please ask for a new one.");
  const options = await optionsToRegister({ recoverAccountToken: token });
  const made = await makePasskey(options);
  const answer = await post("/auth/user/webauthn/reset", { token, ...made });
  if (answer.status !== "OK") {
    await forgetOnDevice(options.rp.id, made.credential.id);
    throw refusal(answer);
  }
  history.replaceState(null, "", "/");
  show("sign-in");
  showStatus("Your account has a new passkey. Please sign in with it.");
});
