// The application's own routes, for every framework.
import { LevelClaim, SecondFactorClaim, UserRoles } from "./sdk.mjs";

/** What a level-two session answers for. */
export const onLevelTwo = LevelClaim.validators.hasValue(2);

const get = (path, handle, ...guards) => ({ method: "GET", path, handle, ...asking(guards) });
const post = (path, handle) => ({ method: "POST", path, handle, ...asking([]) });
const asking = (guards) => ({
    options: { overrideGlobalClaimValidators: (validators) => [...validators, ...guards] },
});
const nothing = async () => ({});

/** Each is open to sessions of its `options` only, and answers with the JSON that `handle` makes. */
export const routes = [
    get("/me", async (session) => ({
        userId: session.getUserId(),
        recipeUserId: session.getRecipeUserId().getAsString(),
    })),
    get("/write", nothing, UserRoles.PermissionClaim.validators.includes("write")),
    get("/level-two", nothing, onLevelTwo),
    get("/second-factor", nothing, SecondFactorClaim.validators.isTrue()),
    post("/fetch-permissions", async (session) => {
        await session.fetchAndSetClaim(UserRoles.PermissionClaim);
        return {};
    }),
    post("/level-up", async (session) => {
        await session.setClaimValue(LevelClaim, 2);
        return {};
    }),
    post("/complete-second-factor", async (session) => {
        await session.setClaimValue(SecondFactorClaim, true);
        return {};
    }),
];
