import { setTimeout as pause } from "node:timers/promises";

/** Asks again and again until `condition` answers something, for at most ten seconds, or as many. */
export async function until(what, condition, seconds = 10) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`Waited in vain for ${what}.`);
    await pause(25);
  }
}
