import { appInfo } from "./config";
import { apiAt } from "./tenant";

/** A failure that has a text for the user. */
export class ApiError extends Error {}

/** The session has ended: the user has to sign in again. */
export class SignedOut extends ApiError {}

export interface SessionInfo {
  sessionHandle: string;
  userId: string;
  accessTokenPayload: Record<string, unknown>;
}

export interface RouteAnswer {
  code: number;
  body: unknown;
}

export type FactorAnswer =
  | { status: "OK" }
  | {
      status: "INCORRECT_USER_INPUT_CODE_ERROR";
      failedCodeInputAttemptCount: number;
      maximumCodeInputAttempts: number;
    }
  | { status: "EXPIRED_USER_INPUT_CODE_ERROR" }
  | { status: "RESTART_FLOW_ERROR" };

/** The device that waits for a code, as the Passwordless recipe names it. */
export interface Device {
  deviceId: string;
  preAuthSessionId: string;
}

// The SDK wraps `fetch`: it adds the tokens, refreshes them after a 401 and tries again.
async function call(path: string, body?: unknown): Promise<RouteAnswer> {
  let response: Response;
  try {
    response = await fetch(appInfo.apiDomain + path, {
      method: body === undefined ? "GET" : "POST",
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
    });
  } catch (error) {
    // After a failed refresh the SDK throws the refresh's response instead of returning it.
    if (error instanceof Response) response = error;
    else throw new ApiError("The server cannot be reached.");
  }
  if (response.status === 401) throw new SignedOut("Your session has ended. Please sign in again.");
  return { code: response.status, body: await response.json() };
}

function messageOf({ code, body }: RouteAnswer): string {
  const message = (body as { message?: unknown }).message;
  return typeof message === "string" ? message : `The server refused the request (${code}).`;
}

export async function sessionInfo(): Promise<SessionInfo> {
  const answer = await call("/sessioninfo");
  if (answer.code !== 200) throw new ApiError(messageOf(answer));
  return answer.body as SessionInfo;
}

export function tryRoute(path: string): Promise<RouteAnswer> {
  return call(path);
}

/** Sends a code to a phone and answers the device that waits for it. */
export async function sendCode(phoneNumber: string): Promise<Device> {
  const answer = await call(apiAt("/signinup/code"), { phoneNumber });
  const body = answer.body as { status?: string } & Device;
  if (body.status !== "OK") throw new ApiError(messageOf(answer));
  return { deviceId: body.deviceId, preAuthSessionId: body.preAuthSessionId };
}

/** Confirms a code. Within a session that lacks the second factor, this completes it. */
export async function confirmCode(device: Device, userInputCode: string): Promise<FactorAnswer> {
  const answer = await call(apiAt("/signinup/code/consume"), { ...device, userInputCode });
  const body = answer.body as { status?: string };
  if (body.status === undefined || body.status === "GENERAL_ERROR") throw new ApiError(messageOf(answer));
  return body as FactorAnswer;
}

export function textOf(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  console.error(error);
  return "Something went wrong in this page. The browser's console has the details.";
}

/** Makes a factor required for the user of the session. */
export async function requireFactor(factorId: string): Promise<void> {
  const answer = await call("/addRequiredFactor", { factorId });
  const body = answer.body as { status?: string };
  if (body.status !== "OK") throw new ApiError(messageOf(answer));
}

/** How many recovery codes the user has left. */
export async function countRecoveryCodes(): Promise<number> {
  const answer = await call("/auth/recoverycode/count");
  const body = answer.body as { status?: string; codesLeft: number };
  if (body.status !== "OK") throw new ApiError(messageOf(answer));
  return body.codesLeft;
}

/** Ten new recovery codes, in place of those that there are. The server shows them this once. */
export async function generateRecoveryCodes(): Promise<string[]> {
  const answer = await call("/auth/recoverycode/generate", {});
  if (answer.code === 403) {
    throw new ApiError("Please complete your other factors once more, then try again.");
  }
  const body = answer.body as { status?: string; codes: string[] };
  if (body.status !== "OK") throw new ApiError(messageOf(answer));
  return body.codes;
}

export type RecoveryAnswer =
  | { status: "OK"; codesLeft: number }
  | {
      status: "INVALID_RECOVERY_CODE_ERROR";
      currentNumberOfFailedAttempts: number;
      maxNumberOfFailedAttempts: number;
    }
  | { status: "LIMIT_REACHED_ERROR"; retryAfterMs: number }
  | { status: "UNKNOWN_USER_ID_ERROR" };

/** Uses a recovery code in place of the authenticator app. */
export async function consumeRecoveryCode(code: string): Promise<RecoveryAnswer> {
  const answer = await call("/auth/recoverycode/consume", { code });
  const body = answer.body as { status?: string };
  if (body.status === undefined || body.status === "GENERAL_ERROR") throw new ApiError(messageOf(answer));
  return body as RecoveryAnswer;
}
