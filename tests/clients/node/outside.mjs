// What lies outside of an application: a provider that people sign in with, and a mailbox.
import { createHash, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { listen } from "./listen.mjs";

export const CLIENT = { clientId: "clients", clientSecret: "kept by the provider" };

/**
 * Starts both at one address. The provider (RFC 6749 §4.1 with RFC 7636) lets in whom `account` is
 * set to, gives a code for one exchange, and remembers what it was asked.
 */
export async function startOutside() {
    const outside = { account: undefined, mails: [], exchanged: [], read: [] };
    const codes = new Map();
    const tokens = new Map();
    const pages = {
        "GET /authorize"({ query }) {
            const code = randomUUID();
            codes.set(code, { ...Object.fromEntries(query), account: outside.account });
            const back = new URL(query.get("redirect_uri"));
            back.searchParams.set("code", code);
            return { status: 302, location: back.href };
        },
        "POST /token"({ text }) {
            const form = Object.fromEntries(new URLSearchParams(text));
            const grant = codes.get(form.code);
            codes.delete(form.code);
            const verifier = createHash("sha256").update(form.code_verifier ?? "");
            const isRight =
                grant?.client_id === CLIENT.clientId &&
                form.client_id === CLIENT.clientId &&
                form.client_secret === CLIENT.clientSecret &&
                form.grant_type === "authorization_code" &&
                form.redirect_uri === grant.redirect_uri &&
                verifier.digest("base64url") === grant.code_challenge;
            if (!isRight) return { status: 400, body: { error: "invalid_grant" } };
            const token = randomUUID();
            tokens.set(`Bearer ${token}`, grant.account);
            outside.exchanged.push(form.code);
            return { body: { access_token: token, token_type: "Bearer" } };
        },
        "GET /account"({ headers }) {
            const account = tokens.get(headers.authorization);
            if (!account) return { status: 401, body: { error: "invalid_token" } };
            outside.read.push(account.sub);
            return { body: account };
        },
        "POST /mails"({ text }) {
            outside.mails.push(JSON.parse(text));
            return { body: {} };
        },
    };
    const server = createServer(async (request, response) => {
        const chunks = await request.toArray();
        const { pathname, searchParams: query } = new URL(request.url, "http://outside");
        const page = pages[`${request.method} ${pathname}`];
        const text = Buffer.concat(chunks).toString();
        const answer = page ? page({ query, text, headers: request.headers }) : { status: 404 };
        const { status = 200, location, body = {} } = answer;
        response.writeHead(status, { "content-type": "application/json", ...(location && { location }) });
        response.end(JSON.stringify(body));
    });
    return Object.assign(outside, await listen(server));
}
