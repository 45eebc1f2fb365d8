import { signOut } from "supertokens-auth-react/recipe/session";
import { PUBLIC, at, tenant } from "./tenant";

export function Bar({ signedIn }: { signedIn: boolean }) {
  async function leave() {
    await signOut();
    location.assign(at("/auth"));
  }

  return (
    <header className="bar">
      <a className="brand" href={at("/")}>
        <span className="mark" aria-hidden="true" />
        Two-factor example{tenant !== PUBLIC && ` · ${tenant}`}
      </a>
      {signedIn && (
        <>
          <a href={at("/app/protected")}>Protected page</a>
          <button className="quiet" type="button" onClick={() => void leave()}>
            Sign out
          </button>
        </>
      )}
    </header>
  );
}
