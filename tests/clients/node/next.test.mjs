// supertokens-node on Next.js, as it is built and started for production.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { application } from "./application.mjs";
import { signedUp } from "./cases/signed-up.mjs";

const NEXT = fileURLToPath(import.meta.resolve("next/dist/bin/next"));
const cwd = fileURLToPath(new URL("next", import.meta.url));

/** Waits until Next says where it listens; it may say more after that. */
function started(child) {
    const lines = createInterface({ input: child.stdout });
    return new Promise((resolve, reject) => {
        lines.on("line", (line) => {
            const [, local] = /Local: +(\S+)/.exec(line) ?? [];
            if (local) resolve(local);
        });
        child.once("exit", (code) => reject(new Error(`Next ended with ${code}`)));
        child.once("error", reject);
    });
}

const world = application("custom", async (core, outside) => {
    const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", CORE: core, OUTSIDE: outside };
    execFileSync(process.execPath, [NEXT, "build"], { cwd, env, stdio: "inherit" });
    const child = spawn(
        process.execPath,
        [NEXT, "start", "--hostname", "127.0.0.1", "--port", "0"],
        { cwd, env, stdio: ["ignore", "pipe", "inherit"] },
    );
    return { origin: await started(child), close: () => child.kill("SIGTERM") };
});

test("a page is made for the session of its cookie", async () => {
    const { frontEnd, userId } = await signedUp(world.origin);
    const page = async (headers) => (await fetch(world.origin, { headers })).text();
    assert.match(await page({}), /<p>nobody<\/p>/);
    const cookie = `sAccessToken=${frontEnd.access}`;
    assert.match(await page({ cookie }), new RegExp(`<p>user ${userId}</p>`));
});
