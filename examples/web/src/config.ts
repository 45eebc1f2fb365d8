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

/**
 * What a sign-in starts with: email and password, unless `?first=otp-email,otp-phone` or `?first=link-email` names
 * others; it is remembered.
 */
function chooseFirstFactors(): string[] {
  const asked = new URLSearchParams(location.search).get("first");
  if (asked !== null) localStorage.setItem(FIRST_FACTORS_KEY, asked);
  return (localStorage.getItem(FIRST_FACTORS_KEY) ?? "emailpassword").split(",");
}

export const firstFactors = chooseFirstFactors();

export const appInfo = {
  appName: "Two-factor example",
  apiDomain: import.meta.env.VITE_API_DOMAIN ?? location.origin,
  websiteDomain: location.origin,
  apiBasePath: "/auth",
  websiteBasePath: "/auth",
};

export const FACTOR_CLAIM = "2fa-completed";
