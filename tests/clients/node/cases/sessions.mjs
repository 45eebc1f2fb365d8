// Sessions: refresh, theft, claims, data, roles.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FrontEnd } from "../front-end.mjs";
import { onLevelTwo } from "../routes.mjs";
import { LevelClaim, Session, UserRoles } from "../sdk.mjs";
import { signedUp } from "./signed-up.mjs";

export function sessions(world) {
    test("a session is refreshed, and a token used twice is theft and ends it", async () => {
        const { frontEnd, userId } = await signedUp(world.origin);
        const stolen = frontEnd.refresh;
        assert.equal((await frontEnd.refreshSession()).status, 200);
        // Used before a child of it was: two tabs that race.
        assert.equal((await frontEnd.refreshSession(stolen)).status, 200);
        assert.equal((await frontEnd.send("GET", "/me")).status, 200);
        assert.equal((await frontEnd.refreshSession()).status, 200);
        assert.equal((await new FrontEnd(world.origin).refreshSession(stolen)).status, 401);
        assert.deepEqual(await Session.getAllSessionHandlesForUser(userId), []);
    });

    test("a claim is set, fetched, validated and removed", async () => {
        const { frontEnd, userId } = await signedUp(world.origin);
        const [handle] = await Session.getAllSessionHandlesForUser(userId);
        const refused = await frontEnd.send("GET", "/level-two");
        assert.equal(refused.status, 403);
        assert.equal(refused.body.claimValidationErrors[0].reason.actualValue, 1);
        await frontEnd.send("POST", "/level-up");
        assert.equal((await frontEnd.send("GET", "/level-two")).status, 200);
        const value = async () => (await Session.getClaimValue(handle, LevelClaim)).value;
        assert.equal(await value(), 2);
        const validate = async () => {
            const add = (validators) => [...validators, onLevelTwo];
            const checked = await Session.validateClaimsForSessionHandle(handle, add);
            return checked.invalidClaims.map((claim) => claim.id);
        };
        assert.deepEqual(await validate(), []);
        assert.equal(await Session.fetchAndSetClaim(handle, LevelClaim), true);
        assert.equal(await value(), 1);
        assert.deepEqual(await validate(), ["level"]);
        assert.equal(await Session.setClaimValue(handle, LevelClaim, 3), true);
        assert.equal(await Session.removeClaim(handle, LevelClaim), true);
        assert.equal(await value(), undefined);
    });

    test("a session keeps claims and data, and is revoked", async () => {
        const { frontEnd, userId } = await signedUp(world.origin);
        const [handle] = await Session.getAllSessionHandlesForUser(userId);
        assert.equal(await Session.mergeIntoAccessTokenPayload(handle, { color: "green" }), true);
        assert.equal(await Session.updateSessionDataInDatabase(handle, { note: null }), true);
        const information = await Session.getSessionInformation(handle);
        assert.equal(information.customClaimsInAccessTokenPayload.color, "green");
        assert.deepEqual(information.sessionDataInDatabase, { note: null });
        await frontEnd.refreshSession();
        assert.equal(frontEnd.claims().color, "green");
        assert.deepEqual(await Session.revokeAllSessionsForUser(userId), [handle]);
        assert.equal(await Session.getSessionInformation(handle), undefined);
        assert.equal((await frontEnd.refreshSession()).status, 401);
    });

    test("a permission of a role opens a route", async () => {
        const { frontEnd, userId } = await signedUp(world.origin);
        const refused = await frontEnd.send("GET", "/write");
        assert.equal(refused.status, 403);
        assert.equal(refused.body.claimValidationErrors[0].id, "st-perm");
        await UserRoles.createNewRoleOrAddPermissions("editor", ["write", "read"]);
        const added = await UserRoles.addRoleToUser("public", userId, "editor");
        assert.deepEqual(added, { status: "OK", didUserAlreadyHaveRole: false });
        const unknown = await UserRoles.addRoleToUser("public", userId, "nobody");
        assert.deepEqual(unknown, { status: "UNKNOWN_ROLE_ERROR" });
        const { roles } = await UserRoles.getRolesForUser("public", userId);
        assert.deepEqual(roles, ["editor"]);
        const { users } = await UserRoles.getUsersThatHaveRole("public", "editor");
        assert.deepEqual(users, [userId]);
        const writing = await UserRoles.getRolesThatHavePermission("write");
        assert.deepEqual(writing.roles, ["editor"]);
        await frontEnd.send("POST", "/fetch-permissions");
        assert.equal((await frontEnd.send("GET", "/write")).status, 200);
        await UserRoles.removePermissionsFromRole("editor", ["write"]);
        const { permissions } = await UserRoles.getPermissionsForRole("editor");
        assert.deepEqual(permissions, ["read"]);
        await frontEnd.send("POST", "/fetch-permissions");
        assert.equal((await frontEnd.send("GET", "/write")).status, 403);
        const removed = await UserRoles.removeUserRole("public", userId, "editor");
        assert.equal(removed.didUserHaveRole, true);
        assert.equal((await UserRoles.deleteRole("editor")).didRoleExist, true);
        assert.ok(!(await UserRoles.getAllRoles()).roles.includes("editor"));
    });
}
