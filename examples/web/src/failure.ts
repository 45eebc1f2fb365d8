import { redirectToAuth } from "supertokens-auth-react";
import { SignedOut, textOf } from "./api";

/**
 * The text to show for a failed call. When the session has ended, this also leads to the sign-in: the SDK does so
 * only from the tab that gets its refresh lock, and not while another page has left that lock behind.
 */
export function failureText(error: unknown): string {
  if (error instanceof SignedOut) void redirectToAuth({ show: "signin", redirectBack: true });
  return textOf(error);
}
