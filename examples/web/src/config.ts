import { API_BASE_PATH, PUBLIC, apiAt, at, tenant } from "./tenant";

const TRANSFER_KEY = "example-transfer";

export type Transfer = "cookie" | "header";

/** Where the session's tokens travel: `?transfer=header` or `?transfer=cookie` sets it, and it is remembered. */
function chooseTransfer(): Transfer {
  const asked = new URLSearchParams(location.search).get("transfer");
  if (asked === "cookie" || asked === "header") localStorage.setItem(TRANSFER_KEY, asked);
  return localStorage.getItem(TRANSFER_KEY) === "header" ? "header" : "cookie";
}

export const transfer = chooseTransfer();

const FIRST_FACTORS_KEY = "example-first-factors";

/** A provider that the server signs in by. */
export interface NamedProvider {
  id: string;
  name: string;
}

/** The providers that the server knows; none where it can't be asked, as the other ways in don't need it. */
export async function loadProviders(): Promise<NamedProvider[]> {
  try {
    const response = await fetch(`${appInfo.apiDomain}/providers`);
    const body = (await response.json()) as { providers: NamedProvider[] };
    return body.providers;
  } catch (error) {
    console.warn("The providers can't be read.", error);
    return [];
  }
}

/**
 * What a sign-in starts with: a provider, a passkey, or email and password, unless `?first=otp-email,otp-phone` or
 * `?first=link-email` names others; it is remembered.
 */
export function firstFactors(providers: NamedProvider[]): string[] {
  const asked = new URLSearchParams(location.search).get("first");
  if (asked !== null) localStorage.setItem(FIRST_FACTORS_KEY, asked);
  const chosen = localStorage.getItem(FIRST_FACTORS_KEY)?.split(",") ?? ["emailpassword", "thirdparty", "webauthn"];
  return chosen.filter((factor) => factor !== "thirdparty" || providers.length > 0);
}

/** The tenants that the server knows beside its own. */
export async function loadTenants(): Promise<string[]> {
  try {
    const response = await fetch(`${appInfo.apiDomain}/tenants`);
    const body = (await response.json()) as { tenants: string[] };
    return body.tenants;
  } catch (error) {
    console.warn("The tenants can't be read.", error);
    return [];
  }
}

/** Why nobody can sign in to the tenant of the address, if that is so. */
export async function problemOfTenant(): Promise<"unknown" | "closed" | "unreachable" | undefined> {
  if (tenant === PUBLIC) return undefined;
  try {
    const response = await fetch(appInfo.apiDomain + apiAt("/loginmethods"));
    if (response.status === 400) return "unknown";
    const { firstFactors } = (await response.json()) as { firstFactors: string[] };
    return firstFactors.length === 0 ? "closed" : undefined;
  } catch (error) {
    console.warn("The tenant can't be asked about.", error);
    return "unreachable";
  }
}

export const appInfo = {
  appName: "Two-factor example",
  apiDomain: import.meta.env.VITE_API_DOMAIN ?? location.origin,
  websiteDomain: location.origin,
  apiBasePath: API_BASE_PATH,
  websiteBasePath: at("/auth"),
};

export const FACTOR_CLAIM = "2fa-completed";
