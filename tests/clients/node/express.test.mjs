// supertokens-node on Express.
import { createServer } from "node:http";
import express from "express";
import { errorHandler, middleware } from "supertokens-node/framework/express/index.js";
import { verifySession } from "supertokens-node/recipe/session/framework/express/index.js";
import { application } from "./application.mjs";
import { listen } from "./listen.mjs";
import { routes } from "./routes.mjs";

application("express", () => {
    const app = express();
    app.use(middleware());
    for (const { method, path, options, handle } of routes) {
        app[method.toLowerCase()](path, verifySession(options), async (request, response) => {
            response.json(await handle(request.session));
        });
    }
    app.use(errorHandler());
    return listen(createServer(app));
});
