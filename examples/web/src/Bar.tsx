import { signOut } from "supertokens-auth-react/recipe/session";

export function Bar({ signedIn }: { signedIn: boolean }) {
  async function leave() {
    await signOut();
    location.assign("/auth");
  }

  return (
    <header className="bar">
      <a className="brand" href="/">
        <span className="mark" aria-hidden="true" />
        Two-factor example
      </a>
      {signedIn && (
        <>
          <a href="/app/protected">Protected page</a>
          <button className="quiet" type="button" onClick={() => void leave()}>
            Sign out
          </button>
        </>
      )}
    </header>
  );
}
