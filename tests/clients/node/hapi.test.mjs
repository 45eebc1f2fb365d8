// supertokens-node on hapi.
import { server as hapi } from "@hapi/hapi";
import { plugin } from "supertokens-node/framework/hapi/index.js";
import { verifySession } from "supertokens-node/recipe/session/framework/hapi/index.js";
import { application } from "./application.mjs";
import { routes } from "./routes.mjs";

application("hapi", async () => {
    const server = hapi({ port: 0, host: "127.0.0.1" });
    await server.register(plugin);
    for (const { method, path, options, handle } of routes) {
        const pre = [{ method: verifySession(options) }];
        server.route({ method, path, options: { pre }, handler: ({ session }) => handle(session) });
    }
    await server.start();
    return { origin: server.info.uri, close: () => server.stop() };
});
