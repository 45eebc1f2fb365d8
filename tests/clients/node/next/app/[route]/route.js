// The application's own routes.
import NextJs from "supertokens-node/nextjs";
import { routes } from "../../../routes.mjs";
import { setUp } from "../../backend";

async function answer(request) {
    setUp();
    const { pathname } = new URL(request.url);
    const asked = routes.find(({ method, path }) => method === request.method && path === pathname);
    if (!asked) return new Response("Not found", { status: 404 });
    const handler = async (error, session) => {
        if (error) throw error;
        return Response.json(await asked.handle(session));
    };
    return NextJs.withSession(request, handler, asked.options);
}

export { answer as GET, answer as POST };
