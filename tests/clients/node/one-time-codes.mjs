// What an authenticator app shows (RFC 6238).
import { createHmac } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The code of now, or of so many steps of 30 s later. */
export function totp(secret, stepsAhead = 0) {
    const bits = [...secret].map((c) => ALPHABET.indexOf(c).toString(2).padStart(5, "0")).join("");
    const bytes = bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2));
    const step = Buffer.alloc(8);
    step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + stepsAhead));
    const digest = createHmac("sha1", Buffer.from(bytes)).update(step).digest();
    const offset = digest.at(-1) & 0xf;
    const number = digest.readUInt32BE(offset) & 0x7fffffff;
    return String(number % 1_000_000).padStart(6, "0");
}
