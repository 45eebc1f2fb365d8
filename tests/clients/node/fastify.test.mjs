// supertokens-node on Fastify.
import { after, before } from "node:test";
import formBody from "@fastify/formbody";
import fastify from "fastify";
import { startCore } from "./core.mjs";
import { cases } from "./cases.mjs";
import { actions, guards, init, require } from "./sdk.mjs";

const { errorHandler, plugin } = require("supertokens-node/framework/fastify");
const { verifySession } = require("supertokens-node/recipe/session/framework/fastify");

let core, app, origin;

before(async () => {
    core = await startCore();
    // The SDK has to know its own address before it answers, and the server before it listens.
    origin = "http://127.0.0.1";
    init("fastify", core.connectionURI, origin);
    app = fastify();
    app.setErrorHandler(errorHandler());
    await app.register(formBody);
    await app.register(plugin);
    app.get("/me", { preHandler: verifySession() }, async ({ session }) => ({
        userId: session.getUserId(),
        recipeUserId: session.getRecipeUserId().getAsString(),
    }));
    for (const [path, guard] of Object.entries(guards)) {
        const overrideGlobalClaimValidators = (validators) => [...validators, guard];
        const preHandler = verifySession({ overrideGlobalClaimValidators });
        app.get(path, { preHandler }, async () => ({}));
    }
    for (const [path, action] of Object.entries(actions)) {
        app.post(path, { preHandler: verifySession() }, async ({ session }) => {
            await action(session);
            return {};
        });
    }
    origin = await app.listen({ port: 0, host: "127.0.0.1" });
});

after(async () => {
    await app?.close();
    core?.stop();
});

cases(() => origin);
