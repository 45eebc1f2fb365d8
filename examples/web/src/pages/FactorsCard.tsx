import { useState } from "react";
import { redirectToFactor, redirectToFactorChooser } from "supertokens-auth-react/recipe/multifactorauth";
import { useClaimValue } from "supertokens-auth-react/recipe/session";
import { requireFactor } from "../api";
import { SecondFactorClaim } from "../auth";
import { failureText } from "../failure";
import { at } from "../tenant";

const FACTORS = [
  { id: "totp", name: "an authenticator app" },
  { id: "otp-email", name: "a code by mail" },
  { id: "otp-phone", name: "a code by SMS" },
  { id: "webauthn", name: "a passkey" },
];

/** Leads to the prebuilt pages of the MultiFactorAuth recipe, and makes its factors required. */
export function FactorsCard() {
  // The server lets only a session that has completed the second factor require more of them.
  const claim = useClaimValue(SecondFactorClaim);
  const mayRequire = !claim.loading && claim.value === true;
  const [status, setStatus] = useState("");
  const [error, setError] = useState("");

  async function require(factorId: string) {
    setError("");
    try {
      await requireFactor(factorId);
      setStatus("It is required from now on.");
    } catch (failure) {
      setStatus("");
      setError(failureText(failure));
    }
  }

  return (
    <section className="card" aria-labelledby="title-factors">
      <h2 id="title-factors">More factors</h2>
      <p className="muted">
        These are the MultiFactorAuth recipe's, beside the guide's own. Where several are required, one of them is enough.
      </p>
      {FACTORS.map(({ id, name }) => (
        <p key={id}>
          <button
            className="quiet"
            type="button"
            onClick={() => void redirectToFactor({ factorId: id, forceSetup: true, redirectBack: true })}
          >
            Set up {name}
          </button>{" "}
          <button className="quiet" type="button" disabled={!mayRequire} onClick={() => void require(id)}>
            Require {name}
          </button>
        </p>
      ))}
      <p>
        <button className="quiet" type="button" onClick={() => void redirectToFactorChooser({ stepUp: true, redirectBack: true })}>
          Choose a factor
        </button>{" "}
        <a href={at("/app/recovery-codes")}>Recovery codes</a>
      </p>
      {status !== "" && <p role="status">{status}</p>}
      {error !== "" && <p className="form-error" role="alert">{error}</p>}
    </section>
  );
}
