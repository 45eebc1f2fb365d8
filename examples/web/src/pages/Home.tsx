import { useCallback, useEffect, useState } from "react";
import { EmailVerificationClaim, sendVerificationEmail } from "supertokens-auth-react/recipe/emailverification";
import { useClaimValue } from "supertokens-auth-react/recipe/session";
import { type SessionInfo, sessionInfo } from "../api";
import { SecondFactorClaim } from "../auth";
import { failureText } from "../failure";
import { at } from "../tenant";
import { FactorsCard } from "./FactorsCard";
import { RouteCard } from "./RouteCard";

export function Home() {
  const claim = useClaimValue(SecondFactorClaim);
  const address = useClaimValue(EmailVerificationClaim);
  const [info, setInfo] = useState<SessionInfo>();
  const [error, setError] = useState("");

  const load = useCallback(async () => {
    try {
      setInfo(await sessionInfo());
      setError("");
    } catch (failure) {
      setError(failureText(failure));
    }
  }, []);

  useEffect(() => {
    void load();
  }, [load]);

  const [mailed, setMailed] = useState("");
  const mail = async () => {
    try {
      const { status } = await sendVerificationEmail();
      setMailed(status === "OK" ? "A link is on its way." : "Your address was verified before.");
    } catch (failure) {
      setError(failureText(failure));
    }
  };

  const done = !claim.loading && claim.value === true;
  const verified = !address.loading && address.value === true;
  return (
    <div className="stack">
      <section className="card" aria-labelledby="title-home">
        <h1 id="title-home">You are signed in</h1>
        {error !== "" && <p className="form-error" role="alert">{error}</p>}
        <dl className="facts">
          <dt>User</dt>
          <dd id="info-user">{info?.userId ?? "…"}</dd>
          <dt>Tenant</dt>
          <dd id="info-tenant">{info === undefined ? "…" : String(info.accessTokenPayload["tId"])}</dd>
          <dt>Session</dt>
          <dd id="info-session">{info?.sessionHandle ?? "…"}</dd>
          <dt>Address</dt>
          <dd>
            <span id="info-address" className={`badge ${verified ? "open" : "closed"}`}>
              {verified ? "verified" : "not verified"}
            </span>{" "}
            {!verified && mailed === "" && (
              <button className="link" type="button" onClick={() => void mail()}>
                Mail me a link to verify it
              </button>
            )}
            {!verified && mailed}
          </dd>
          <dt>Second factor</dt>
          <dd>
            <span id="info-factor" className={`badge ${done ? "open" : "closed"}`}>
              {done ? "completed" : "not completed"}
            </span>{" "}
            {!done && <a href={at("/app/second-factor")}>Complete it</a>}
          </dd>
        </dl>
        {info && (
          <details>
            <summary>Access token payload</summary>
            <pre id="info-payload">{JSON.stringify(info.accessTokenPayload, null, 2)}</pre>
          </details>
        )}
        <p>
          <button id="load-session" className="quiet" type="button" onClick={() => void load()}>
            Ask the server again
          </button>
        </p>
      </section>
      <FactorsCard />
      <RouteCard path="/protected" about="Closed by a validator that applies to every route." />
      <RouteCard path="/vault" about="Closed by a validator of this one route." />
    </div>
  );
}
