import { type SubmitEvent, useEffect, useRef, useState } from "react";
import { useClaimValue, useSessionContext } from "supertokens-auth-react/recipe/session";
import { ApiError, type Device, confirmCode, sendCode } from "../api";
import { SecondFactorClaim } from "../auth";
import { failureText } from "../failure";
import { at } from "../tenant";

export function SecondFactor() {
  const claim = useClaimValue(SecondFactorClaim);
  const session = useSessionContext();
  // The number that was given at sign-up or with an earlier code.
  const known: unknown = session.loading ? undefined : session.accessTokenPayload["phoneNumber"];
  const [device, setDevice] = useState<Device>();
  const [sentTo, setSentTo] = useState<string>();
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const codeField = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (sentTo !== undefined) codeField.current?.focus();
  }, [sentTo]);

  async function submit(event: SubmitEvent<HTMLFormElement>, work: (data: FormData) => Promise<void>) {
    event.preventDefault();
    if (busy) return;
    const data = new FormData(event.currentTarget);
    setBusy(true);
    setError("");
    try {
      await work(data);
    } catch (failure) {
      setError(failureText(failure));
    } finally {
      setBusy(false);
    }
  }

  async function send(data: FormData) {
    const number = String(data.get("phoneNumber") ?? "").trim() || (typeof known === "string" ? known : "");
    if (number === "") throw new ApiError("Please give your phone number.");
    setDevice(await sendCode(number));
    setSentTo(`the number that ends in ${number.slice(-2)}`);
  }

  async function confirm(data: FormData) {
    if (device === undefined) return;
    const answer = await confirmCode(device, String(data.get("code") ?? "").trim());
    switch (answer.status) {
      case "OK":
        location.assign(at("/app/protected"));
        break;
      case "INCORRECT_USER_INPUT_CODE_ERROR":
        setError(
          `This code is wrong. Attempts left: ${answer.maximumCodeInputAttempts - answer.failedCodeInputAttemptCount}.`,
        );
        break;
      case "EXPIRED_USER_INPUT_CODE_ERROR":
        setSentTo(undefined);
        setError("This code has expired. Please ask for a new one.");
        break;
      case "RESTART_FLOW_ERROR":
        setSentTo(undefined);
        setError("There is no code to confirm any more. Please ask for a new one.");
        break;
    }
  }

  if (!claim.loading && claim.value === true) {
    return (
      <section className="card narrow">
        <h1>Second factor completed</h1>
        <p>
          <a href={at("/app/protected")}>Go to the protected page</a>
        </p>
      </section>
    );
  }

  return (
    <section className="card narrow" aria-labelledby="title-factor">
      <h1 id="title-factor">Second factor</h1>
      <p className="muted">
        This example sends no real messages: read the code where the server prints it, or in its outbox file.
      </p>
      <form onSubmit={(event) => void submit(event, send)}>
        <label htmlFor="phone">Phone number</label>
        <input
          id="phone"
          name="phoneNumber"
          type="tel"
          autoComplete="tel"
          placeholder="+1 202 555 0123"
          aria-describedby="phone-hint"
        />
        <p className="hint" id="phone-hint">
          Needed the first time only; a number you gave before is used again.
        </p>
        <button className="primary" type="submit" disabled={busy}>
          Send me a code
        </button>
      </form>
      {sentTo !== undefined && (
        <form onSubmit={(event) => void submit(event, confirm)}>
          <p className="note" role="status">
            A code was sent to {sentTo}.
          </p>
          <label htmlFor="code">Code</label>
          <input
            id="code"
            name="code"
            ref={codeField}
            className="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={6}
          />
          <button className="primary" type="submit" disabled={busy}>
            Confirm
          </button>
        </form>
      )}
      {error !== "" && (
        <p className="form-error" role="alert">
          {error}
        </p>
      )}
    </section>
  );
}
