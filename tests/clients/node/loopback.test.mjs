// supertokens-node on LoopBack. What decorators do is done by hand, as a compiler writes it.
import { inject, intercept } from "@loopback/core";
import { RestApplication, RestBindings, operation } from "@loopback/rest";
import { middleware } from "supertokens-node/framework/loopback/index.js";
import { verifySession } from "supertokens-node/recipe/session/framework/loopback/index.js";
import { __decorate as decorate, __param as parameter } from "tslib";
import { application } from "./application.mjs";
import { routes } from "./routes.mjs";

const RESPONSES = { responses: { 200: { description: "What the session may know" } } };

/** Has a method for each route. */
class Controller {
    constructor(context) {
        this.context = context;
    }
}
for (const { method, path, options, handle } of routes) {
    const name = `${method} ${path}`;
    Controller.prototype[name] = function () {
        return handle(this.context.session);
    };
    const decorators = [operation(method, path, RESPONSES), intercept(verifySession(options))];
    decorate(decorators, Controller.prototype, name, null);
}
decorate([parameter(0, inject(RestBindings.Http.CONTEXT))], Controller);

application("loopback", async () => {
    const app = new RestApplication({ rest: { host: "127.0.0.1", port: 0 } });
    app.middleware(middleware);
    app.controller(Controller);
    await app.start();
    return { origin: app.restServer.url, close: () => app.stop() };
});
