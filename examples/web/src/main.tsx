import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { SuperTokensWrapper } from "supertokens-auth-react";
import { App, Layout } from "./App";
import { initAuth } from "./auth";
import { loadProviders, loadTenants, problemOfTenant } from "./config";
import { NoTenant } from "./pages/NoTenant";
import { solvingCaptchas } from "../../shared/page/captcha.js";
import "../../shared/page/style.css";

// Before the SDK puts its own around it.
window.fetch = solvingCaptchas(window.fetch.bind(window));

const [providers, tenants, problem] = await Promise.all([loadProviders(), loadTenants(), problemOfTenant()]);

function content() {
  // The SDK has no page for a tenant that isn't there.
  if (problem !== undefined) {
    return (
      <Layout>
        <NoTenant problem={problem} />
      </Layout>
    );
  }
  initAuth(providers);
  return (
    <SuperTokensWrapper>
      <App providers={providers} tenants={tenants} />
    </SuperTokensWrapper>
  );
}

const root = document.getElementById("root");
if (root) createRoot(root).render(<StrictMode>{content()}</StrictMode>);
