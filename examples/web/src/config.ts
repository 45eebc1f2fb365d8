const TRANSFER_KEY = "example-transfer";

export type Transfer = "cookie" | "header";

/** Where the session's tokens travel: `?transfer=header` or `?transfer=cookie` sets it, and it is remembered. */
function chooseTransfer(): Transfer {
  const asked = new URLSearchParams(location.search).get("transfer");
  if (asked === "cookie" || asked === "header") localStorage.setItem(TRANSFER_KEY, asked);
  return localStorage.getItem(TRANSFER_KEY) === "header" ? "header" : "cookie";
}

export const transfer = chooseTransfer();

export const appInfo = {
  appName: "Two-factor example",
  apiDomain: import.meta.env.VITE_API_DOMAIN ?? location.origin,
  websiteDomain: location.origin,
  apiBasePath: "/auth",
  websiteBasePath: "/auth",
};

export const FACTOR_CLAIM = "2fa-completed";
