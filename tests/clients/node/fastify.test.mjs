// supertokens-node on Fastify.
import formBody from "@fastify/formbody";
import fastify from "fastify";
import { errorHandler, plugin } from "supertokens-node/framework/fastify/index.js";
import { verifySession } from "supertokens-node/recipe/session/framework/fastify/index.js";
import { application } from "./application.mjs";
import { routes } from "./routes.mjs";

application("fastify", async () => {
    const app = fastify();
    app.setErrorHandler(errorHandler());
    await app.register(formBody);
    await app.register(plugin);
    for (const { method, path, options, handle } of routes) {
        const preHandler = verifySession(options);
        app.route({ method, url: path, preHandler, handler: ({ session }) => handle(session) });
    }
    return { origin: await app.listen({ port: 0, host: "127.0.0.1" }), close: () => app.close() };
});
