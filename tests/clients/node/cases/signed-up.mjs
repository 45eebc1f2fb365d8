// Users that are there already.
import assert from "node:assert/strict";
import { FrontEnd } from "../front-end.mjs";

export const PASSWORD = "correct1horse";
let count = 0;

/** An address that nobody has. */
export function newEmail(domain = "example.com") {
    return `user-${(count += 1)}@${domain}`;
}

/** A new user, signed in. */
export async function signedUp(origin, domain) {
    const frontEnd = new FrontEnd(origin);
    const [email, password] = [newEmail(domain), PASSWORD];
    const { status, body } = await frontEnd.sign("/auth/signup", email, password);
    assert.equal(status, 200);
    assert.equal(body.status, "OK", JSON.stringify(body));
    return { frontEnd, email, password, userId: body.user.id };
}
