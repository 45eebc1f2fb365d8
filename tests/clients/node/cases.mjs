// What an application on the SDK does, whatever its framework.
import { addresses } from "./cases/addresses.mjs";
import { codes } from "./cases/codes.mjs";
import { mapping } from "./cases/mapping.mjs";
import { sessions } from "./cases/sessions.mjs";
import { users } from "./cases/users.mjs";

/** Defines every case for an application at `origin()`. */
export function cases(origin) {
    users(origin);
    sessions(origin);
    codes(origin);
    mapping(origin);
    addresses(origin);
}
