/** Where one of the tenants is chosen. */
export const CHOOSER = "/t";

/** The tenant of the application itself. */
export const PUBLIC = "public";

/**
 * The tenant whose pages these are. Its name is the second part of their path, as in `/t/acme/auth`. A mailed link has
 * it in its query, and leads to the same page of the tenant.
 */
function nameInAddress(): string {
  const { pathname, search, hash } = location;
  const inPath = /^\/t\/([^/]+)/.exec(pathname)?.[1];
  if (inPath !== undefined) return inPath;
  const inLink = pathname.startsWith("/auth/") ? new URLSearchParams(search).get("tenantId") : null;
  if (inLink === null || inLink === PUBLIC) return PUBLIC;
  history.replaceState(null, "", `${startOf(inLink)}${pathname}${search}${hash}`);
  return encodeURIComponent(inLink);
}

/** What the paths of a tenant's pages begin with. */
export function startOf(name: string): string {
  return name === PUBLIC ? "" : `/t/${encodeURIComponent(name)}`;
}

/** The tenant, as it stands in an address. */
export const tenant = nameInAddress();

const start = tenant === PUBLIC ? "" : `/t/${tenant}`;

/** The address of a page of this tenant: `at("/app/protected")`. */
export const at = (path: string): string => start + path;

/** The path of this page, without the tenant. */
export const page = location.pathname.slice(start.length).replace(/(?<=.)\/$/, "") || "/";

/** Where the routes of sign-in are; those that belong to a tenant are asked there. */
export const API_BASE_PATH = "/auth";
export const apiAt = (path: string): string =>
  tenant === PUBLIC ? API_BASE_PATH + path : `${API_BASE_PATH}/${tenant}${path}`;
