import SuperTokens from "supertokens-auth-react";
import EmailPassword from "supertokens-auth-react/recipe/emailpassword";
import Session, { BooleanClaim } from "supertokens-auth-react/recipe/session";
import { FACTOR_CLAIM, appInfo, transfer } from "./config";

/** The claim that the server sets once the second factor is completed. */
export const SecondFactorClaim = new BooleanClaim({
  id: FACTOR_CLAIM,
  // The server puts the value into every session, so there is nothing to fetch.
  refresh: async () => {},
  onFailureRedirection: () => "/app/second-factor",
});

// Takes the prebuilt pages to the colours of the rest of the app.
const style = `
  [data-supertokens~=container] {
    --palette-primary: 67, 56, 202;
    --palette-primaryBorder: 55, 48, 163;
    --palette-textLink: 67, 56, 202;
    font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
    margin-top: 2.5rem;
  }
`;

export function initAuth() {
  SuperTokens.init({
    appInfo,
    style,
    getRedirectionURL: async (context) =>
      context.action === "SUCCESS" ? (context.redirectToPath ?? "/") : undefined,
    recipeList: [
      EmailPassword.init(),
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
