import { RouteCard } from "./RouteCard";

export function Protected() {
  return (
    <div className="stack">
      <section className="card" aria-labelledby="title-protected">
        <h1 id="title-protected">The protected page</h1>
        <p className="muted">You see it because your second factor is completed.</p>
      </section>
      <RouteCard path="/protected" about="Closed by a validator that applies to every route." />
    </div>
  );
}
