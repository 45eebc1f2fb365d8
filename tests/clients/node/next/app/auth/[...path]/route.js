// Sign-in's own routes.
import NextJs from "supertokens-node/nextjs";
import { setUp } from "../../../backend";

async function handle(request) {
    setUp();
    return NextJs.getAppDirRequestHandler()(request);
}

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST, handle as PUT };
