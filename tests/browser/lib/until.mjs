import { setTimeout as pause } from "node:timers/promises";

/** Asks again and again until `condition` answers something, for at most ten seconds. */
export async function until(what, condition) {
  const end = Date.now() + 10_000;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`Waited in vain for ${what}.`);
    await pause(25);
  }
}
