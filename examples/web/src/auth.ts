import SuperTokens from "supertokens-auth-react";
import EmailPassword from "supertokens-auth-react/recipe/emailpassword";
import EmailVerification from "supertokens-auth-react/recipe/emailverification";
import MultiFactorAuth from "supertokens-auth-react/recipe/multifactorauth";
import Multitenancy from "supertokens-auth-react/recipe/multitenancy";
import Passwordless from "supertokens-auth-react/recipe/passwordless";
import Session, { BooleanClaim } from "supertokens-auth-react/recipe/session";
import ThirdParty, { Github, Google } from "supertokens-auth-react/recipe/thirdparty";
import TOTP from "supertokens-auth-react/recipe/totp";
import WebAuthn from "supertokens-auth-react/recipe/webauthn";
import { FACTOR_CLAIM, type NamedProvider, appInfo, firstFactors, transfer } from "./config";
import { PUBLIC, at, tenant } from "./tenant";

/** The claim that the server sets once the second factor is completed. */
export const SecondFactorClaim = new BooleanClaim({
  id: FACTOR_CLAIM,
  // The server puts the value into every session, so there is nothing to fetch.
  refresh: async () => {},
  onFailureRedirection: () => at("/app/second-factor"),
});

// Takes the prebuilt pages to the colours of the rest of the app.
const style = `
  [data-supertokens~=container] {
    --palette-primary: 67, 56, 202;
    --palette-primaryBorder: 55, 48, 163;
    --palette-textLink: 67, 56, 202;
    width: 100%;
    max-width: 420px;
    margin: 2.5rem auto 0;
  }
  /* A reader needs dark on light, and four modules of quiet around it. */
  [data-supertokens~=totpDeviceQR] {
    box-sizing: content-box;
    padding: 20px;
    background: #fff;
  }
  [data-supertokens~=container], [data-supertokens~=container] :is(input, button) {
    font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
    letter-spacing: normal;
  }
  @media (prefers-color-scheme: dark) {
    [data-supertokens~=container] {
      --palette-background: 26, 29, 41;
      --palette-inputBackground: 20, 23, 34;
      --palette-inputBorder: 46, 51, 69;
      --palette-textTitle: 236, 238, 245;
      --palette-textLabel: 236, 238, 245;
      --palette-textInput: 236, 238, 245;
      --palette-textPrimary: 163, 170, 191;
      --palette-textGray: 163, 170, 191;
      --palette-textLink: 165, 180, 252;
      --palette-primary: 165, 180, 252;
      --palette-primaryBorder: 199, 210, 254;
      --palette-buttonText: 26, 29, 41;
      --palette-error: 253, 162, 155;
      --palette-errorBackground: 61, 26, 24;
      --palette-success: 134, 239, 172;
      --palette-successBackground: 20, 51, 31;
      --palette-superTokensBrandingBackground: 20, 23, 34;
      --palette-superTokensBrandingText: 163, 170, 191;
    }
  }
`;

/** The button of a provider; those that are known bring their looks along. */
function buttonOf({ id, name }: NamedProvider) {
  switch (id) {
    case "google":
      return Google.init();
    case "github":
      return Github.init();
    default:
      return { id, name };
  }
}

export function initAuth(providers: NamedProvider[]) {
  const isTenant = tenant !== PUBLIC;
  SuperTokens.init({
    appInfo,
    style,
    // A tenant's ways to sign in are the server's to say.
    usesDynamicLoginMethods: isTenant,
    getRedirectionURL: async (context) =>
      context.action === "SUCCESS" ? (context.redirectToPath ?? at("/")) : undefined,
    recipeList: [
      EmailPassword.init({
        signInAndUpFeature: {
          signUpForm: {
            // The server keeps it in the user's metadata; codes of the second factor go there.
            formFields: [
              { id: "phoneNumber", label: "Phone number", placeholder: "+1 202 555 0123", optional: true },
            ],
          },
        },
      }),
      Multitenancy.init({
        override: { functions: (original) => ({ ...original, getTenantId: async () => (isTenant ? tenant : undefined) }) },
      }),
      // The recipe doesn't start without a button, unless they are the tenant's.
      ...(isTenant || providers.length > 0
        ? [ThirdParty.init({ signInAndUpFeature: { providers: providers.map(buttonOf) } })]
        : []),
      // The home page offers the link; whoever demands it of everybody says "REQUIRED" here and at the server.
      EmailVerification.init({ mode: "OPTIONAL" }),
      Passwordless.init({ contactMethod: "EMAIL_OR_PHONE" }),
      // Which factors follow the first one is the server's to say.
      MultiFactorAuth.init(isTenant ? {} : { firstFactors: firstFactors(providers) }),
      TOTP.init(),
      WebAuthn.init(),
      Session.init({
        tokenTransferMethod: transfer,
        override: {
          functions: (original) => ({
            ...original,
            getGlobalClaimValidators: ({ claimValidatorsAddedByOtherRecipes }) => [
              ...claimValidatorsAddedByOtherRecipes,
              SecondFactorClaim.validators.isTrue(),
            ],
          }),
        },
      }),
    ],
  });
}
