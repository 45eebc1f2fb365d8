// supertokens-node on Express.
import { after, before } from "node:test";
import express from "express";
import { startCore } from "./core.mjs";
import { cases } from "./cases.mjs";
import { actions, guards, init, require } from "./sdk.mjs";

const { errorHandler, middleware } = require("supertokens-node/framework/express");
const { verifySession } = require("supertokens-node/recipe/session/framework/express");

let core, server, origin;

before(async () => {
    core = await startCore();
    const app = express();
    server = app.listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    origin = `http://127.0.0.1:${server.address().port}`;
    init("express", core.connectionURI, origin);
    app.use(middleware());
    app.get("/me", verifySession(), (request, response) => {
        const { session } = request;
        const recipeUserId = session.getRecipeUserId().getAsString();
        response.json({ userId: session.getUserId(), recipeUserId });
    });
    for (const [path, guard] of Object.entries(guards)) {
        const overrideGlobalClaimValidators = (validators) => [...validators, guard];
        app.get(path, verifySession({ overrideGlobalClaimValidators }), (_, response) => {
            response.json({});
        });
    }
    for (const [path, action] of Object.entries(actions)) {
        app.post(path, verifySession(), async (request, response) => {
            await action(request.session);
            response.json({});
        });
    }
    app.use(errorHandler());
});

after(() => {
    server?.close();
    server?.closeAllConnections();
    core?.stop();
});

cases(() => origin);
