import type { ReactNode } from "react";
import { signOut, useSessionContext } from "supertokens-auth-react/recipe/session";
import { PUBLIC, at, startOf, tenant } from "./tenant";

/** Shows its children to users of this tenant. A session of another one is good everywhere, but no page of theirs is here. */
export function OfThisTenant({ children }: { children: ReactNode }) {
  const session = useSessionContext();
  if (session.loading) return null;
  const theirs = String(session.accessTokenPayload["tId"] ?? PUBLIC);
  if (theirs === tenant) return children;

  async function change() {
    await signOut();
    location.assign(at("/auth"));
  }

  return (
    <section className="card narrow" aria-labelledby="title-elsewhere">
      <h1 id="title-elsewhere">You are signed in elsewhere</h1>
      <p>
        Your session is one of the tenant <b>{theirs}</b>.
      </p>
      <p>
        <a href={`${startOf(theirs)}/`}>Go there</a>
      </p>
      <button className="primary" type="button" onClick={() => void change()}>
        Sign out there, and sign in here
      </button>
    </section>
  );
}
