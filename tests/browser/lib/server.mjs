// Starts the example server for one test file: a free port, a new database, its own outbox.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { startProvider } from "./provider.mjs";
import { until } from "./until.mjs";

const repository = fileURLToPath(new URL("../../../", import.meta.url));

function binary() {
  return resolve(process.env.EXAMPLE_BIN ?? join(repository, "target/debug/example-axum"));
}

/** A port that the system gives to no connection: a server that is started again finds it free. */
export async function freePort() {
  for (;;) {
    const port = 15_000 + Math.floor(Math.random() * 15_000);
    const probe = createServer().listen(port, "127.0.0.1");
    const isFree = await Promise.race([once(probe, "listening"), once(probe, "error")]).then(
      () => probe.listening,
      () => false,
    );
    if (!isFree) continue;
    probe.close();
    await once(probe, "close");
    return port;
  }
}

export async function startServer(...extraFlags) {
  return startAt(await freePort(), extraFlags);
}

/** The same, with a provider by which users sign in. */
export async function startServerWithProvider(...extraFlags) {
  const port = await freePort();
  const provider = await startProvider(`http://localhost:${port}`);
  const server = await startAt(port, [...provider.flags, ...extraFlags], provider.environment);
  const stop = async () => {
    await server.stop();
    await provider.stop();
  };
  return { ...server, provider, stop };
}

/** The same at this port, with an origin of its own that leads there. */
export const startServerAt = (port, origin, flags) => startAt(port, flags, {}, origin);

async function startAt(port, extraFlags, environment = {}, origin = `http://localhost:${port}`) {
  const folder = await mkdtemp(join(tmpdir(), "browser-test-"));
  const outbox = join(folder, "outbox.jsonl");
  const log = [];
  let child = await start();

  async function start(...flags) {
    const started = spawn(
      binary(),
      [
        ["--addr", `127.0.0.1:${port}`],
        ["--database", join(folder, "example.db")],
        ["--outbox", outbox],
        ["--api-domain", origin],
        ["--website-domain", origin],
        extraFlags,
        flags,
      ].flat(),
      { cwd: repository, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...environment } },
    );
    await new Promise((done, fail) => {
      started.once("error", fail);
      started.once("exit", (code) => fail(new Error(`The server ended early (${code}):\n${log.join("\n")}`)));
      createInterface({ input: started.stderr }).on("line", (line) => log.push(line));
      createInterface({ input: started.stdout }).on("line", (line) => {
        log.push(line);
        if (line.includes(`:${port}`) || line.includes(origin)) done();
      });
    });
    return started;
  }

  async function end(signal) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  /** Goes on with more flags, at the same address and with the same users. */
  async function restart(...flags) {
    // Without farewell: a page keeps its connections open, for which some frameworks would wait.
    await end("SIGKILL");
    child = await start(...flags);
  }

  async function messages() {
    const text = await readFile(outbox, "utf8").catch(() => "");
    return text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  }

  return {
    origin,
    log,
    /** Waits for the newest message of this type to this address, skipping `after` earlier ones. */
    message(type, to, after = 0) {
      return until(`a ${type} message to ${to}`, async () => {
        const found = (await messages()).filter((one) => one.type === type && one.to === to);
        return found.length > after ? found.at(-1) : undefined;
      });
    },
    /** Codes and links that are asked for in `work` have expired when it is done. */
    async expiring(work) {
      await restart("--code-lifetime", "1");
      try {
        return await work();
      } finally {
        await restart();
      }
    },
    async stop() {
      await end("SIGINT");
      await rm(folder, { recursive: true, force: true });
    },
  };
}
