import { CHOOSER, tenant } from "../tenant";

const TEXTS = {
  unknown: ["There is no such tenant", "None has this name. Please look at the address once more."],
  closed: ["Nobody can sign in yet", "No way to sign in is set for this tenant."],
  unreachable: ["The server cannot be reached", "Please try again in a moment."],
} as const;

/** Says why there is no page of the tenant in the address. */
export function NoTenant({ problem }: { problem: keyof typeof TEXTS }) {
  const [title, text] = TEXTS[problem];
  return (
    <section className="card narrow" aria-labelledby="title-no-tenant">
      <h1 id="title-no-tenant">{title}</h1>
      <p>
        <b>{tenant}</b>: {text}
      </p>
      <p>
        <a href={CHOOSER}>Choose a tenant</a>
      </p>
    </section>
  );
}
