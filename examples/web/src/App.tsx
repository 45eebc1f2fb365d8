import { EmailPasswordPreBuiltUI } from "supertokens-auth-react/recipe/emailpassword/prebuiltui";
import { SessionAuth } from "supertokens-auth-react/recipe/session";
import { canHandleRoute, getRoutingComponent } from "supertokens-auth-react/ui";
import { Bar } from "./Bar";
import { Home } from "./pages/Home";
import { Protected } from "./pages/Protected";
import { SecondFactor } from "./pages/SecondFactor";

const prebuilt = [EmailPasswordPreBuiltUI];

// The pages live under /app because /second-factor and /protected are the API's.
export function App() {
  return (
    <>
      <Bar />
      <main>
        <Page />
      </main>
    </>
  );
}

function Page() {
  if (canHandleRoute(prebuilt)) return getRoutingComponent(prebuilt);
  switch (location.pathname) {
    case "/":
      return (
        <SessionAuth overrideGlobalClaimValidators={() => []}>
          <Home />
        </SessionAuth>
      );
    case "/app/second-factor":
      return (
        <SessionAuth overrideGlobalClaimValidators={() => []}>
          <SecondFactor />
        </SessionAuth>
      );
    case "/app/protected":
      // The claim's validator is a global one: without the second factor this leads to its page.
      return (
        <SessionAuth>
          <Protected />
        </SessionAuth>
      );
    default:
      return (
        <section className="card narrow">
          <h1>There is no such page</h1>
          <p>
            <a href="/">Go to the start</a>
          </p>
        </section>
      );
  }
}
