// supertokens-node on AWS Lambda: a function for sign-in's routes, and one for each other route.
import cors from "@middy/http-cors";
import middy from "@middy/core";
import { middleware } from "supertokens-node/framework/awsLambda/index.js";
import { verifySession } from "supertokens-node/recipe/session/framework/awsLambda/index.js";
import { routes } from "../routes.mjs";
import { supertokens } from "../sdk.mjs";

export const WEBSITE = "http://localhost:3000";

/** A function that a page of the website may call. */
function forWebsite(handler) {
    const headers = ["content-type", ...supertokens.getAllCORSHeaders()].join(", ");
    return middy(handler).use(cors({ origin: WEBSITE, credentials: true, headers }));
}

function guarded({ options, handle }) {
    const handler = async (event) => ({
        statusCode: 200,
        headers: { "content-type": "application/json" },
        body: JSON.stringify(await handle(event.session)),
    });
    return forWebsite(verifySession(handler, options));
}

/** The functions, once the SDK is set up, by the routes of the API that calls them. */
export function functions() {
    const own = routes.map((route) => [`${route.method} ${route.path}`, guarded(route)]);
    return new Map([["ANY /auth/{proxy+}", forWebsite(middleware())], ...own]);
}
