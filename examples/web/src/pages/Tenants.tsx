import { PUBLIC, startOf } from "../tenant";

/** Leads to the tenants, each of which has its own users and ways to sign in. */
export function Tenants({ names }: { names: string[] }) {
  return (
    <section className="card narrow" aria-labelledby="title-tenants">
      <h1 id="title-tenants">Choose a tenant</h1>
      <p className="muted">Each has users of its own, and its own ways to sign in.</p>
      <ul>
        {[PUBLIC, ...names].map((name) => (
          <li key={name}>
            <a href={`${startOf(name)}/`}>{name}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}
