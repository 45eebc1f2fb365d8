// Starts the example server for one test file: a free port, a new database, its own outbox.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { until } from "./until.mjs";

const repository = fileURLToPath(new URL("../../../", import.meta.url));

function binary() {
  return resolve(process.env.EXAMPLE_BIN ?? join(repository, "target/debug/example-axum"));
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

export async function startServer(...extraFlags) {
  const folder = await mkdtemp(join(tmpdir(), "browser-test-"));
  const outbox = join(folder, "outbox.jsonl");
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const child = spawn(
    binary(),
    [
      ["--addr", `127.0.0.1:${port}`],
      ["--database", join(folder, "example.db")],
      ["--outbox", outbox],
      ["--api-domain", origin],
      ["--website-domain", origin],
      extraFlags,
    ].flat(),
    { cwd: repository, stdio: ["ignore", "pipe", "pipe"] },
  );
  const log = [];
  const ready = new Promise((done, fail) => {
    child.once("error", fail);
    child.once("exit", (code) => fail(new Error(`The server ended early (${code}):\n${log.join("\n")}`)));
    createInterface({ input: child.stderr }).on("line", (line) => log.push(line));
    createInterface({ input: child.stdout }).on("line", (line) => {
      log.push(line);
      if (line.includes(`:${port}`)) done();
    });
  });
  // Only the first failure matters, and `ready` is awaited just below.
  await ready;

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
    async stop() {
      if (child.exitCode === null) {
        const ended = once(child, "exit");
        child.kill("SIGINT");
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}
