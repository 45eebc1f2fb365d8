// Factors beside the guide's own: an authenticator app, and recovery codes for who has lost it.

import { $, ApiError, call, home, onClick, onSubmit, post, showFieldErrors, showStatus } from "./app.js";

// The device that waits for its first code.
let deviceName;

// What the server knows about the user's factors; the token may be a new one afterwards.
async function load() {
  const { code, answer } = await call("/auth/mfa/info", "PUT", {});
  if (code !== 200 || answer.status !== "OK") {
    throw new ApiError(answer.message ?? `No information about factors (${code}).`);
  }
  document.dispatchEvent(new CustomEvent("factors-loaded", { detail: answer.factors }));
  const { next, alreadySetup, allowedToSetup } = answer.factors;
  const isSetUp = alreadySetup.includes("totp");
  const isMissing = next.includes("totp");
  $("totp-state").textContent = stateOf(isSetUp, isMissing);
  $("totp-set-up").hidden = isSetUp || !allowedToSetup.includes("totp");
  // Only a session that has completed every factor may require more; the guide's is open above.
  $("totp-require").hidden = !isSetUp || isMissing || !$("factor").hidden;
  $("form-totp-device").hidden = true;
  $("form-totp").hidden = !isSetUp;
  $("form-recovery").hidden = !(isMissing && alreadySetup.includes("recovery-code"));
  $("recovery").hidden = isMissing || !isSetUp;
  if (!$("recovery").hidden) await showCodesLeft();
}

function stateOf(isSetUp, isMissing) {
  if (!isSetUp) return isMissing ? "Set up an authenticator app to go on." : "None is set up.";
  return isMissing ? "Enter a code of your authenticator app to go on." : "It is set up.";
}

async function showCodesLeft() {
  const { answer } = await call("/auth/recoverycode/count");
  $("recovery-left").textContent = `Recovery codes left: ${answer.codesLeft}.`;
}

// What the server answers where a code is wrong, for the field that it was typed into.
function refuse(form, field, answer) {
  switch (answer.status) {
    case "INVALID_TOTP_ERROR":
    case "INVALID_RECOVERY_CODE_ERROR": {
      const left = answer.maxNumberOfFailedAttempts - answer.currentNumberOfFailedAttempts;
      return showFieldErrors(form, [{ id: field, error: `This code is wrong. Attempts left: ${left}.` }]);
    }
    case "LIMIT_REACHED_ERROR": {
      const minutes = Math.ceil(answer.retryAfterMs / 60_000);
      throw new ApiError(`Too many codes were wrong. Please try again in ${minutes} min.`);
    }
    case "UNKNOWN_DEVICE_ERROR":
      throw new ApiError("This device was removed meanwhile. Please set it up again.");
    case "UNKNOWN_USER_ID_ERROR":
      throw new ApiError("There is nothing to enter a code for any more.");
    default:
      throw new ApiError(answer.message ?? answer.status);
  }
}

onClick("totp-set-up", async () => {
  const answer = await post("/auth/totp/device", {});
  if (answer.status !== "OK") throw new ApiError(answer.message ?? answer.status);
  deviceName = answer.deviceName;
  const picture = new DOMParser().parseFromString(answer.qrCodeSvg, "image/svg+xml").documentElement;
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", "QR code for your authenticator app");
  $("totp-picture").replaceChildren(document.importNode(picture, true));
  $("totp-secret").textContent = answer.secret;
  $("form-totp-device").hidden = false;
  $("totp-first").focus();
});

onSubmit("form-totp-device", async (form) => {
  const totp = form.elements.namedItem("firstTotp").value.trim();
  const answer = await post("/auth/totp/device/verify", { deviceName, totp });
  if (answer.status !== "OK") return refuse(form, "firstTotp", answer);
  form.reset();
  await home();
  showStatus("Your authenticator app is set up.");
});

onSubmit("form-totp", async (form) => {
  const answer = await post("/auth/totp/verify", { totp: form.elements.namedItem("totp").value.trim() });
  if (answer.status !== "OK") return refuse(form, "totp", answer);
  form.reset();
  await home();
  showStatus("The code of your authenticator app was right.");
});

onSubmit("form-recovery", async (form) => {
  const code = form.elements.namedItem("recoveryCode").value.trim();
  const answer = await post("/auth/recoverycode/consume", { code });
  if (answer.status !== "OK") return refuse(form, "recoveryCode", answer);
  form.reset();
  await home();
  showStatus(`The recovery code was right. Left: ${answer.codesLeft}.`);
});

onClick("totp-require", async () => {
  const answer = await post("/addRequiredFactor", { factorId: "totp" });
  if (answer.status !== "OK") throw new ApiError(answer.message ?? answer.status);
  await home();
  showStatus("From now on each session needs a code of your authenticator app.");
});

onClick("recovery-generate", async () => {
  const { code, answer } = await call("/auth/recoverycode/generate", "POST", {});
  if (code === 403) throw new ApiError("Please enter a code of your authenticator app once more, then try again.");
  if (answer.status !== "OK") throw new ApiError(answer.message ?? answer.status);
  const items = answer.codes.map((text) => Object.assign(document.createElement("li"), { textContent: text }));
  $("recovery-codes").replaceChildren(...items);
  $("recovery-keep").hidden = false;
  await showCodesLeft();
  showStatus("Keep these codes where you find them without your phone. They are shown only now.");
});

const codesShown = () => [...$("recovery-codes").children].map((item) => `${item.textContent}\n`).join("");

onClick("recovery-copy", async () => {
  try {
    await navigator.clipboard.writeText(codesShown());
  } catch {
    // No clipboard on a page that isn't secure, or no permission.
    getSelection().selectAllChildren($("recovery-codes"));
    throw new ApiError("The browser does not let this page copy: the codes are selected, please copy them yourself.");
  }
  showStatus("The codes are copied.");
});

onClick("recovery-download", () => {
  const address = URL.createObjectURL(new Blob([codesShown()], { type: "text/plain" }));
  Object.assign(document.createElement("a"), { href: address, download: "recovery-codes.txt" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1_000);
});

function hideSecrets() {
  $("recovery-codes").replaceChildren();
  $("recovery-keep").hidden = true;
  $("totp-picture").replaceChildren();
  $("totp-secret").textContent = "";
  deviceName = undefined;
}

document.addEventListener("session-ended", hideSecrets);

document.addEventListener("session-loaded", () => {
  hideSecrets();
  load().catch((error) => {
    if (error instanceof ApiError) showStatus(error.message, true);
    else throw error;
  });
});
