import { useState } from "react";
import { redirectToFactor } from "supertokens-auth-react/recipe/multifactorauth";
import { requireFactor } from "../api";
import { failureText } from "../failure";

/** Leads to the prebuilt pages of the authenticator app, and makes it required. */
export function AuthenticatorCard() {
  const [status, setStatus] = useState("");
  const [error, setError] = useState("");

  async function require() {
    setError("");
    try {
      await requireFactor("totp");
      setStatus("It is required from now on.");
    } catch (failure) {
      setError(failureText(failure));
    }
  }

  return (
    <section className="card" aria-labelledby="title-authenticator">
      <h2 id="title-authenticator">Authenticator app</h2>
      <p className="muted">A second factor of the MultiFactorAuth recipe, beside the guide's own.</p>
      {status !== "" && <p role="status">{status}</p>}
      {error !== "" && <p className="form-error" role="alert">{error}</p>}
      <p>
        <button
          className="quiet"
          type="button"
          onClick={() => void redirectToFactor({ factorId: "totp", forceSetup: true, redirectBack: true })}
        >
          Set up an authenticator app
        </button>{" "}
        <button className="quiet" type="button" onClick={() => void require()}>
          Require an authenticator app
        </button>
      </p>
    </section>
  );
}
