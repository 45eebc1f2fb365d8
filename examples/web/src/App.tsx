import type { ReactNode } from "react";
import { EmailPasswordPreBuiltUI } from "supertokens-auth-react/recipe/emailpassword/prebuiltui";
import { EmailVerificationPreBuiltUI } from "supertokens-auth-react/recipe/emailverification/prebuiltui";
import { MultiFactorAuthPreBuiltUI } from "supertokens-auth-react/recipe/multifactorauth/prebuiltui";
import { PasswordlessPreBuiltUI } from "supertokens-auth-react/recipe/passwordless/prebuiltui";
import { SessionAuth } from "supertokens-auth-react/recipe/session";
import { ThirdPartyPreBuiltUI } from "supertokens-auth-react/recipe/thirdparty/prebuiltui";
import { TOTPPreBuiltUI } from "supertokens-auth-react/recipe/totp/prebuiltui";
import { WebauthnPreBuiltUI } from "supertokens-auth-react/recipe/webauthn/prebuiltui";
import { canHandleRoute, getRoutingComponent } from "supertokens-auth-react/ui";
import { Bar } from "./Bar";
import type { NamedProvider } from "./config";
import { OfThisTenant } from "./OfThisTenant";
import { Home } from "./pages/Home";
import { Protected } from "./pages/Protected";
import { RecoveryCodes } from "./pages/RecoveryCodes";
import { SecondFactor } from "./pages/SecondFactor";
import { Tenants } from "./pages/Tenants";
import { CHOOSER, PUBLIC, at, page, tenant } from "./tenant";

const prebuiltAlways = [
  EmailPasswordPreBuiltUI,
  EmailVerificationPreBuiltUI,
  PasswordlessPreBuiltUI,
  MultiFactorAuthPreBuiltUI,
  TOTPPreBuiltUI,
  WebauthnPreBuiltUI,
];

// The pages live under /app because /second-factor and /protected are the API's.
export function App({ providers, tenants }: { providers: NamedProvider[]; tenants: string[] }) {
  const prebuilt = tenant !== PUBLIC || providers.length > 0 ? [ThirdPartyPreBuiltUI, ...prebuiltAlways] : prebuiltAlways;
  if (canHandleRoute(prebuilt)) {
    return (
      <Layout>
        {getRoutingComponent(prebuilt)}
        {page.startsWith("/auth/mfa/totp") && (
          <p className="below">
            Lost the app? <a href={at("/app/recovery-codes")}>Use a recovery code</a>
          </p>
        )}
        {page === "/auth" && tenant === PUBLIC && (
          <p className="below">
            Lost your passkey? <a href="/auth/webauthn/recover/send-email">Recover your account</a>
          </p>
        )}
        {tenants.length > 0 && (
          <p className="below">
            <a href={CHOOSER}>Choose another tenant</a>
          </p>
        )}
      </Layout>
    );
  }
  switch (page) {
    case CHOOSER:
      return (
        <Layout>
          <Tenants names={tenants} />
        </Layout>
      );
    case "/":
      return (
        <SessionAuth overrideGlobalClaimValidators={() => []}>
          <Layout signedIn>
            <Home />
          </Layout>
        </SessionAuth>
      );
    case "/app/recovery-codes":
      // Who has lost the authenticator has a session that lacks the factor.
      return (
        <SessionAuth overrideGlobalClaimValidators={() => []}>
          <Layout signedIn>
            <RecoveryCodes />
          </Layout>
        </SessionAuth>
      );
    case "/app/second-factor":
      return (
        <SessionAuth overrideGlobalClaimValidators={() => []}>
          <Layout signedIn>
            <SecondFactor />
          </Layout>
        </SessionAuth>
      );
    case "/app/protected":
      // The claim's validator is a global one: without the second factor this leads to its page.
      return (
        <SessionAuth>
          <Layout signedIn>
            <Protected />
          </Layout>
        </SessionAuth>
      );
    default:
      return (
        <Layout>
          <section className="card narrow">
            <h1>There is no such page</h1>
            <p>
              <a href={at("/")}>Go to the start</a>
            </p>
          </section>
        </Layout>
      );
  }
}

export function Layout({ signedIn = false, children }: { signedIn?: boolean; children: ReactNode }) {
  return (
    <>
      <Bar signedIn={signedIn} />
      <main>{signedIn ? <OfThisTenant>{children}</OfThisTenant> : children}</main>
    </>
  );
}
