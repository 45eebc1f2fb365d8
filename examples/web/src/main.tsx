import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { SuperTokensWrapper } from "supertokens-auth-react";
import { App } from "./App";
import { initAuth } from "./auth";
import "../../shared/page/style.css";

initAuth();

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <SuperTokensWrapper>
        <App />
      </SuperTokensWrapper>
    </StrictMode>,
  );
}
