// Passkeys without a device (Web Authentication Level 3): what an authenticator signs, and what a
// browser answers with it.
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** The origin of the page that asks. */
export const PAGE = "http://localhost:3000";
export const SITE = "localhost";

export const [ES256, EDDSA, ES384, RS256] = [-7, -8, -35, -257];

/** Keys by the numbers of COSE: how one is made, and what it signs with. */
const KINDS = new Map([
    [ES256, { make: () => generateKeyPairSync("ec", { namedCurve: "P-256" }), hash: "sha256" }],
    [EDDSA, { make: () => generateKeyPairSync("ed25519"), hash: null }],
    [ES384, { make: () => generateKeyPairSync("ec", { namedCurve: "P-384" }), hash: "sha384" }],
    [RS256, { make: () => generateKeyPairSync("rsa", { modulusLength: 2048 }), hash: "sha256" }],
]);

const [USER_PRESENT, USER_VERIFIED, HAS_CREDENTIAL] = [1, 1 << 2, 1 << 6];

/** CBOR in the form of CTAP2; a map is written in the order in which it is given. */
function cbor(value) {
    const head = (major, number) => {
        if (number < 24) return Buffer.from([(major << 5) | number]);
        if (number < 256) return Buffer.from([(major << 5) | 24, number]);
        return Buffer.from([(major << 5) | 25, number >> 8, number & 255]);
    };
    if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
    if (typeof value === "string") {
        return Buffer.concat([head(3, value.length), Buffer.from(value)]);
    }
    if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
    return Buffer.concat([head(5, value.size), ...[...value].flat().map(cbor)]);
}

/** A public key as authenticators write it (RFC 9053, RFC 8230). */
function cose(algorithm, key) {
    const jwk = key.export({ format: "jwk" });
    const number = (name) => Buffer.from(jwk[name], "base64url");
    const all = (type, ...others) => cbor(new Map([[1, type], [3, algorithm], ...others]));
    if (algorithm === RS256) return all(3, [-1, number("n")], [-2, number("e")]);
    if (algorithm === EDDSA) return all(1, [-1, 6], [-2, number("x")]);
    return all(2, [-1, algorithm === ES256 ? 1 : 2], [-2, number("x")], [-3, number("y")]);
}

const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const base64url = (bytes) => bytes.toString("base64url");

export class Authenticator {
    /** One that counts its uses is found out when it is copied; synchronised ones don't count. */
    constructor(algorithm = ES256, { counts = false } = {}) {
        this.algorithm = algorithm;
        this.counts = counts;
        this.uses = 0;
        this.id = randomBytes(16);
        this.keys = KINDS.get(algorithm).make();
        this.handle = undefined;
    }

    get credentialId() {
        return base64url(this.id);
    }

    authenticatorData(rpId, flags, rest = Buffer.alloc(0)) {
        const counter = Buffer.alloc(4);
        counter.writeUInt32BE(this.uses);
        const all = Buffer.from([USER_PRESENT | USER_VERIFIED | flags]);
        return Buffer.concat([sha256(rpId), all, counter, rest]);
    }

    /** What a browser answers to `navigator.credentials.create()` on a page. */
    create({ rp, user, challenge, pubKeyCredParams }, origin = PAGE) {
        if (!pubKeyCredParams.some(({ alg }) => alg === this.algorithm)) {
            throw new Error(`${this.algorithm} isn't offered`);
        }
        this.handle = user.id;
        const length = Buffer.from([0, this.id.length]);
        const key = cose(this.algorithm, this.keys.publicKey);
        const attested = Buffer.concat([Buffer.alloc(16), length, this.id, key]);
        const authData = this.authenticatorData(rp.id, HAS_CREDENTIAL, attested);
        const object = new Map([["fmt", "none"], ["attStmt", new Map()], ["authData", authData]]);
        return this.answer({
            clientDataJSON: base64url(clientData("webauthn.create", challenge, origin)),
            attestationObject: base64url(cbor(object)),
            transports: ["internal"],
        });
    }

    /** What a browser answers to `navigator.credentials.get()` on a page. */
    get({ rpId, challenge }, origin = PAGE) {
        if (this.counts) this.uses += 1;
        const data = this.authenticatorData(rpId, 0);
        const client = clientData("webauthn.get", challenge, origin);
        const signed = Buffer.concat([data, sha256(client)]);
        const signature = sign(KINDS.get(this.algorithm).hash, signed, this.keys.privateKey);
        return this.answer({
            clientDataJSON: base64url(client),
            authenticatorData: base64url(data),
            signature: base64url(signature),
            userHandle: this.handle,
        });
    }

    answer(response) {
        return {
            id: this.credentialId,
            rawId: this.credentialId,
            type: "public-key",
            authenticatorAttachment: "platform",
            clientExtensionResults: {},
            response,
        };
    }
}

function clientData(type, challenge, origin) {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}
