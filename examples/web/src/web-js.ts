import SuperTokens from "supertokens-web-js";
import EmailPassword from "supertokens-web-js/recipe/emailpassword";
import Session, { BooleanClaim } from "supertokens-web-js/recipe/session";
import ThirdParty from "supertokens-web-js/recipe/thirdparty";
import { ApiError, type Device, SignedOut, confirmCode, sendCode, textOf, tryRoute } from "./api";
import { FACTOR_CLAIM, appInfo, loadProviders, transfer } from "./config";
import "../../shared/page/style.css";

const SecondFactorClaim = new BooleanClaim({ id: FACTOR_CLAIM, refresh: async () => {} });

SuperTokens.init({
  appInfo,
  recipeList: [
    EmailPassword.init(),
    ThirdParty.init(),
    Session.init({
      tokenTransferMethod: transfer,
      onHandleEvent: (event) => {
        if (event.action === "UNAUTHORISED" && event.sessionExpiredOrRevoked) {
          void render().then(() => showStatus("Your session has ended. Please sign in again."));
        }
      },
    }),
  ],
});

function part<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no part #${id}.`);
  return found as T;
}

function showStatus(text: string) {
  part("status").textContent = text;
  part("status").hidden = text === "";
}

function badge(id: string, open: boolean, text: string) {
  part(id).className = `badge ${open ? "open" : "closed"}`;
  part(id).textContent = text;
}

async function showRoute() {
  const { code, body } = await tryRoute("/protected");
  badge("route-state", code === 200, code === 200 ? "open" : `closed (${code})`);
  part("route-answer").textContent = JSON.stringify(body, null, 2);
}

async function render() {
  const signedIn = await Session.doesSessionExist();
  part("signed-out").hidden = signedIn;
  part("signed-in").hidden = !signedIn;
  part("sign-out").hidden = !signedIn;
  if (!signedIn) return;
  const done = (await Session.getClaimValue({ claim: SecondFactorClaim })) === true;
  part("user").textContent = await Session.getUserId();
  part("payload").textContent = JSON.stringify(await Session.getAccessTokenPayloadSecurely(), null, 2);
  badge("factor-state", done, done ? "completed" : "not completed");
  part("factor").hidden = done;
  await showRoute();
}

function onSubmit(id: string, work: (data: FormData) => Promise<void>) {
  const form = part<HTMLFormElement>(id);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const place = form.querySelector<HTMLElement>(".form-error");
    if (place) place.hidden = true;
    showStatus("");
    work(new FormData(form, event.submitter)).catch((error: unknown) => {
      if (!place) return;
      place.textContent = textOf(error);
      place.hidden = false;
    });
  });
}

onSubmit("form-credentials", async (data) => {
  const formFields = ["email", "password"].map((id) => ({ id, value: String(data.get(id)) }));
  const answer =
    data.get("action") === "sign-up"
      ? await EmailPassword.signUp({ formFields })
      : await EmailPassword.signIn({ formFields });
  switch (answer.status) {
    case "OK":
      return render();
    case "FIELD_ERROR":
      throw new ApiError(answer.formFields.map(({ error }) => error).join(" "));
    case "WRONG_CREDENTIALS_ERROR":
      throw new ApiError("The email or the password is wrong.");
    default:
      throw new ApiError(answer.reason);
  }
});

async function showProviders() {
  for (const { id, name } of await loadProviders()) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = `Continue with ${name}`;
    button.addEventListener("click", () => {
      leaveFor(id).catch((error: unknown) => showStatus(textOf(error)));
    });
    part("providers").append(button);
  }
}

// The provider sends the browser back to this page.
async function leaveFor(thirdPartyId: string) {
  const there = await ThirdParty.getAuthorisationURLWithQueryParamsAndSetState({
    thirdPartyId,
    frontendRedirectURI: location.origin + location.pathname,
  });
  location.assign(there);
}

async function comeBack() {
  const answer = await ThirdParty.signInAndUp();
  history.replaceState(null, "", location.pathname);
  switch (answer.status) {
    case "OK":
      return;
    case "NO_EMAIL_GIVEN_BY_PROVIDER":
      throw new ApiError("The provider gave no address. Please sign in another way.");
    default:
      throw new ApiError(answer.reason);
  }
}

// The device that waits for a code.
let device: Device | undefined;

onSubmit("form-code", async (data) => {
  const phoneNumber = String(data.get("phoneNumber")).trim();
  device = await sendCode(phoneNumber);
  showStatus(`A code was sent to the number that ends in ${phoneNumber.slice(-2)}.`);
  part("form-factor").hidden = false;
  part("code").focus();
});

onSubmit("form-factor", async (data) => {
  if (!device) throw new ApiError("Please ask for a code first.");
  const answer = await confirmCode(device, String(data.get("code")).trim());
  switch (answer.status) {
    case "OK":
      return render();
    case "INCORRECT_USER_INPUT_CODE_ERROR":
      throw new ApiError("This code is wrong.");
    case "EXPIRED_USER_INPUT_CODE_ERROR":
      throw new ApiError("This code has expired. Please ask for a new one.");
    case "RESTART_FLOW_ERROR":
      throw new ApiError("There is no code to confirm any more. Please ask for a new one.");
  }
});

part("sign-out").addEventListener("click", () => {
  void Session.signOut()
    .then(render)
    .then(() => showStatus("You are signed out."));
});
part("try-route").addEventListener("click", () => {
  showRoute().catch(async (error: unknown) => {
    if (error instanceof SignedOut) await render();
    showStatus(textOf(error));
  });
});

async function start() {
  await showProviders();
  if (new URLSearchParams(location.search).has("code")) await comeBack();
}

start()
  .catch((error: unknown) => showStatus(textOf(error)))
  .then(render)
  .catch((error: unknown) => showStatus(textOf(error)));
