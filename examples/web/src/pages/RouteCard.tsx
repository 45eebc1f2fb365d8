import { useCallback, useEffect, useState } from "react";
import { type RouteAnswer, tryRoute } from "../api";
import { failureText } from "../failure";

/** Calls one of the server's guarded routes and shows what it said. */
export function RouteCard({ path, about }: { path: string; about: string }) {
  const [answer, setAnswer] = useState<RouteAnswer>();
  const [error, setError] = useState("");

  const load = useCallback(async () => {
    try {
      setAnswer(await tryRoute(path));
      setError("");
    } catch (failure) {
      setError(failureText(failure));
    }
  }, [path]);

  useEffect(() => {
    void load();
  }, [load]);

  const id = `route-${path.slice(1)}`;
  const open = answer?.code === 200;
  return (
    <section className="card" id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>
        <code>GET {path}</code>{" "}
        {answer && (
          <span className={`badge ${open ? "open" : "closed"}`}>{open ? "open" : `closed (${answer.code})`}</span>
        )}
      </h2>
      <p className="muted">{about}</p>
      {error !== "" && <p className="form-error" role="alert">{error}</p>}
      {answer && <pre>{JSON.stringify(answer.body, null, 2)}</pre>}
      <p>
        <button className="quiet" type="button" onClick={() => void load()}>
          Try it again
        </button>
      </p>
    </section>
  );
}
