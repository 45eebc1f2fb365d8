// supertokens-node on Koa.
import { createServer } from "node:http";
import Router from "@koa/router";
import Koa from "koa";
import { middleware } from "supertokens-node/framework/koa/index.js";
import { verifySession } from "supertokens-node/recipe/session/framework/koa/index.js";
import { application } from "./application.mjs";
import { listen } from "./listen.mjs";
import { routes } from "./routes.mjs";

application("koa", () => {
    const app = new Koa();
    const router = new Router();
    app.use(middleware());
    for (const { method, path, options, handle } of routes) {
        router.register(path, [method], [verifySession(options), async (context) => {
            context.body = await handle(context.session);
        }]);
    }
    app.use(router.routes());
    return listen(createServer(app.callback()));
});
