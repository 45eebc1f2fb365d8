// A mail server on loopback. Its argument says how it behaves; it prints one line of JSON with its
// port, and one for each mail that it took.

import { readFileSync } from "node:fs";
import { SMTPServer } from "smtp-server";

const options = JSON.parse(process.argv[2]);
let failures = options.failures ?? 0;

const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");

const answer = (code, text) => Object.assign(new Error(text), { responseCode: code });

const server = new SMTPServer({
  secure: options.secure ?? false,
  hideSTARTTLS: options.hideSTARTTLS ?? false,
  authOptional: !options.user,
  key: readFileSync(options.key),
  cert: readFileSync(options.certificate),
  disableReverseLookup: true,
  onAuth({ username, password }, session, done) {
    const isRight = username === options.user && password === options.password;
    done(isRight ? null : answer(535, "wrong password"), { user: username });
  },
  onRcptTo({ address }, session, done) {
    if (address.startsWith("nobody@")) return done(answer(550, `no such user ${address}`));
    if (failures-- > 0) return done(answer(451, "try again later"));
    done();
  },
  onData(stream, session, done) {
    const chunks = [];
    stream.on("data", (chunk) => chunks.push(chunk));
    stream.on("end", () => {
      say({
        from: session.envelope.mailFrom.address,
        to: session.envelope.rcptTo.map((recipient) => recipient.address),
        user: session.user ?? null,
        encrypted: session.secure,
        raw: Buffer.concat(chunks).toString("utf8"),
      });
      done();
    });
  },
});

server.on("error", () => {});
server.listen(0, "127.0.0.1", () => say({ port: server.server.address().port }));
// The tests hold the other end open for as long as they need the server.
process.stdin.on("end", () => process.exit(0)).resume();
