import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { SuperTokensWrapper } from "supertokens-auth-react";
import { App } from "./App";
import { initAuth } from "./auth";
import { loadProviders } from "./config";
import { solvingCaptchas } from "../../shared/page/captcha.js";
import "../../shared/page/style.css";

// Before the SDK puts its own around it.
window.fetch = solvingCaptchas(window.fetch.bind(window));

const providers = await loadProviders();
initAuth(providers);

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <SuperTokensWrapper>
        <App providers={providers} />
      </SuperTokensWrapper>
    </StrictMode>,
  );
}
