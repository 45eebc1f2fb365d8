// What an application on the SDK does, whatever its framework.
import { addresses } from "./cases/addresses.mjs";
import { codes } from "./cases/codes.mjs";
import { guide } from "./cases/guide.mjs";
import { linking } from "./cases/linking.mjs";
import { mapping } from "./cases/mapping.mjs";
import { passkeyRoutes } from "./cases/passkey-routes.mjs";
import { passkeys } from "./cases/passkeys.mjs";
import { sessions } from "./cases/sessions.mjs";
import { tenants } from "./cases/tenants.mjs";
import { users } from "./cases/users.mjs";

/** Defines every case for the application at `origin`, once it is there. */
export function cases(world) {
    guide(world);
    users(world);
    sessions(world);
    codes(world);
    linking(world);
    mapping(world);
    addresses(world);
    passkeys(world);
    passkeyRoutes(world);
    tenants(world);
}
