import { type FormEvent, useEffect, useState } from "react";
import { consumeRecoveryCode, countRecoveryCodes, generateRecoveryCodes } from "../api";
import { failureText } from "../failure";
import { at } from "../tenant";

/** Makes recovery codes, and takes one from who has lost the authenticator app. */
export function RecoveryCodes() {
  const [left, setLeft] = useState<number>();
  const [codes, setCodes] = useState<string[]>([]);
  const [status, setStatus] = useState("");
  const [error, setError] = useState("");

  /** Does something and tells how it went. */
  async function run(work: () => Promise<string>) {
    setError("");
    setStatus("");
    try {
      setStatus(await work());
    } catch (failure) {
      setError(failureText(failure));
    }
  }

  async function load() {
    setLeft(await countRecoveryCodes());
    return "";
  }

  useEffect(() => {
    void run(load);
  }, []);

  async function generate() {
    setCodes(await generateRecoveryCodes());
    await load();
    return "Keep these codes where you find them without your phone. They are shown only now.";
  }

  const text = codes.map((code) => `${code}\n`).join("");

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      return "The browser does not let this page copy: please select the codes and copy them yourself.";
    }
    return "The codes are copied.";
  }

  function consume(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const code = String(new FormData(form).get("recoveryCode")).trim();
    void run(async () => {
      const answer = await consumeRecoveryCode(code);
      switch (answer.status) {
        case "OK":
          form.reset();
          setLeft(answer.codesLeft);
          return `The recovery code was right. Left: ${answer.codesLeft}.`;
        case "INVALID_RECOVERY_CODE_ERROR": {
          const tries = answer.maxNumberOfFailedAttempts - answer.currentNumberOfFailedAttempts;
          return `This code is wrong. Attempts left: ${tries}.`;
        }
        case "LIMIT_REACHED_ERROR":
          return `Too many codes were wrong. Please try again in ${Math.ceil(answer.retryAfterMs / 60_000)} min.`;
        case "UNKNOWN_USER_ID_ERROR":
          return "There are no recovery codes to use.";
      }
    });
  }

  return (
    <div className="stack">
      <section className="card" aria-labelledby="title-recovery">
        <h1 id="title-recovery">Recovery codes</h1>
        <p className="muted">Each opens your account once, in place of the authenticator app.</p>
        {left !== undefined && <p id="recovery-left">Recovery codes left: {left}.</p>}
        {codes.length > 0 && (
          <>
            <ol id="recovery-codes">
              {codes.map((code) => (
                <li key={code}>{code}</li>
              ))}
            </ol>
            <p>
              <button className="quiet" type="button" onClick={() => void run(copy)}>
                Copy the codes
              </button>{" "}
              <a href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`} download="recovery-codes.txt">
                Download the codes
              </a>
            </p>
          </>
        )}
        <p>
          <button className="quiet" type="button" onClick={() => void run(generate)}>
            Generate recovery codes
          </button>
        </p>
        {status !== "" && <p role="status">{status}</p>}
        {error !== "" && <p className="form-error" role="alert">{error}</p>}
      </section>
      <section className="card" aria-labelledby="title-lost">
        <h2 id="title-lost">Lost the app?</h2>
        <form onSubmit={consume}>
          <label htmlFor="recovery-code">A recovery code</label>
          <input id="recovery-code" name="recoveryCode" autoComplete="off" spellCheck={false} required />
          <button className="primary" type="submit">Use the recovery code</button>
        </form>
        <p>
          <a href={at("/")}>Go to the start</a>
        </p>
      </section>
    </div>
  );
}
