// Users that keep the ids which another system has for them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FrontEnd } from "../front-end.mjs";
import { Session, UserMetadata, UserRoles, supertokens } from "../sdk.mjs";
import { PASSWORD, signedUp } from "./signed-up.mjs";

export function mapping(world) {
    test("a user keeps the id that another system has for it", async () => {
        const { email, userId: superTokensUserId } = await signedUp(world.origin);
        await Session.revokeAllSessionsForUser(superTokensUserId);
        const externalUserId = `own-${superTokensUserId}`;
        const map = (input) =>
            supertokens.createUserIdMapping({ superTokensUserId, externalUserId, ...input });
        const unknown = await map({ superTokensUserId: "nobody" });
        assert.equal(unknown.status, "UNKNOWN_SUPERTOKENS_USER_ID_ERROR");
        assert.deepEqual(await map({ externalUserIdInfo: "imported" }), { status: "OK" });
        assert.deepEqual(await map(), {
            status: "USER_ID_MAPPING_ALREADY_EXISTS_ERROR",
            doesSuperTokensUserIdExist: true,
            doesExternalUserIdExist: true,
        });

        const frontEnd = new FrontEnd(world.origin);
        const signedIn = await frontEnd.sign("/auth/signin", email, PASSWORD);
        assert.equal(signedIn.body.user.id, externalUserId);
        const ids = { userId: externalUserId, recipeUserId: externalUserId };
        assert.deepEqual(await frontEnd.send("GET", "/me"), { status: 200, body: ids });
        assert.equal((await frontEnd.refreshSession()).status, 200);
        assert.equal((await Session.getAllSessionHandlesForUser(externalUserId)).length, 1);
        for (const id of [superTokensUserId, externalUserId]) {
            assert.equal((await supertokens.getUser(id)).id, externalUserId);
        }
        const [found] = await supertokens.listUsersByAccountInfo("public", { email });
        assert.equal(found.id, externalUserId);
        const { users } = await supertokens.getUsersNewestFirst({ tenantId: "public", limit: 1 });
        assert.equal(users[0].id, externalUserId);

        const get = (userId, userIdType) => supertokens.getUserIdMapping({ userId, userIdType });
        for (const found of [
            await get(superTokensUserId, "SUPERTOKENS"),
            await get(externalUserId, "EXTERNAL"),
            await get(externalUserId, "ANY"),
        ]) {
            const { status, externalUserIdInfo } = found;
            assert.deepEqual([status, externalUserIdInfo], ["OK", "imported"]);
            assert.equal(found.superTokensUserId, superTokensUserId);
            assert.equal(found.externalUserId, externalUserId);
        }
        assert.equal((await get(externalUserId, "SUPERTOKENS")).status, "UNKNOWN_MAPPING_ERROR");
        const changed = await supertokens.updateOrDeleteUserIdMappingInfo({
            userId: externalUserId,
            userIdType: "EXTERNAL",
        });
        assert.deepEqual(changed, { status: "OK" });
        assert.equal((await get(externalUserId)).externalUserIdInfo, undefined);
    });

    test("a mapping that is in use ends by force only, and with its user", async () => {
        const { userId: superTokensUserId } = await signedUp(world.origin);
        await Session.revokeAllSessionsForUser(superTokensUserId);
        const externalUserId = `own-${superTokensUserId}`;
        await supertokens.createUserIdMapping({ superTokensUserId, externalUserId });
        await UserMetadata.updateUserMetadata(externalUserId, { a: 1 });
        const end = (force) =>
            supertokens.deleteUserIdMapping({ userId: externalUserId, userIdType: "ANY", force });
        await assert.rejects(end(false), /already in use/);
        assert.deepEqual(await end(true), { status: "OK", didMappingExist: true });
        assert.equal(await supertokens.getUser(externalUserId), undefined);
        assert.equal((await supertokens.getUser(superTokensUserId)).id, superTokensUserId);
        assert.deepEqual(await end(true), { status: "OK", didMappingExist: false });

        await supertokens.createUserIdMapping({ superTokensUserId, externalUserId, force: true });
        await UserRoles.createNewRoleOrAddPermissions("author", []);
        await UserRoles.addRoleToUser("public", externalUserId, "author");
        await supertokens.deleteUser(externalUserId);
        assert.equal(await supertokens.getUser(superTokensUserId), undefined);
        const mapped = await supertokens.getUserIdMapping({ userId: externalUserId });
        assert.equal(mapped.status, "UNKNOWN_MAPPING_ERROR");
        const { roles } = await UserRoles.getRolesForUser("public", externalUserId);
        assert.deepEqual(roles, []);
        await UserRoles.deleteRole("author");
    });
}
