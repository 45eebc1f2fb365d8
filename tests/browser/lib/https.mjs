// The example server by https: a certificate that Chromium takes for a valid one, and a server before the example's
// that has it.

import { execFile } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { request } from "node:http";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** A certificate of `localhost`, its key, and the flag by which Chromium takes it for a valid one. */
export async function makeCertificate() {
  const folder = await mkdtemp(join(tmpdir(), "browser-test-"));
  const [key, cert] = ["key.pem", "cert.pem"].map((name) => join(folder, name));
  try {
    await promisify(execFile)("openssl", [
      ["req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=localhost"],
      ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
      ["-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert],
    ].flat());
    const files = { key: await readFile(key), cert: await readFile(cert) };
    const spki = new X509Certificate(files.cert).publicKey.export({ type: "spki", format: "der" });
    const hash = createHash("sha256").update(spki).digest("base64");
    return { ...files, flag: `--ignore-certificate-errors-spki-list=${hash}` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Hands requests that come by https on to a port of this machine, and calls `seen` with each and its status. */
export async function startHttps(port, target, { key, cert }, seen) {
  const server = createServer({ key, cert }, (incoming, answer) => {
    const { method, url, headers } = incoming;
    const onward = request({ host: "127.0.0.1", port: target, method, path: url, headers }, (reply) => {
      seen(`${method} ${url} ${reply.statusCode}`);
      answer.writeHead(reply.statusCode, reply.rawHeaders);
      reply.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    incoming.pipe(onward);
  });
  await new Promise((done) => server.listen(port, "127.0.0.1", done));
  return async () => {
    const closed = new Promise((done) => server.close(done));
    server.closeAllConnections();
    await closed;
  };
}
