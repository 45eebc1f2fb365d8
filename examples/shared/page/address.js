// The user's address: whether it is verified, and the link that verifies it.

import { $, badge, home, onClick, post, show, showStatus, SignedOut, start, textOf } from "./app.js";

const CLAIM = "st-ev";

document.addEventListener("session-loaded", ({ detail }) => {
  const isVerified = detail[CLAIM]?.v === true;
  badge($("info-address"), isVerified, isVerified ? "verified" : "not verified");
  $("verify-address").hidden = isVerified;
});

onClick("verify-address", async () => {
  const { status } = await post("/auth/user/email/verify/token");
  if (status === "EMAIL_ALREADY_VERIFIED_ERROR") {
    await home();
    return showStatus("Your address was verified before.");
  }
  showStatus("A link is on its way to your address.");
});

async function followLink() {
  const token = new URLSearchParams(location.search).get("token");
  history.replaceState(null, "", "/");
  const { status } = await post("/auth/user/email/verify", { method: "token", token });
  await start();
  if (status === "OK") showStatus("Your address is verified.");
  else showStatus("This link has expired or was used before. Please ask for a new one.", true);
}

if (location.pathname.endsWith("/verify-email")) {
  followLink().catch((error) => {
    if (error instanceof SignedOut) return start();
    show("sign-in");
    showStatus(textOf(error), true);
  });
}
