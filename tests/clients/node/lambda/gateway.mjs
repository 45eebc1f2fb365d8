// API Gateway on this machine: turns requests into the events of its two kinds of API.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { listen } from "../listen.mjs";

const STAGE = "live";

/** What either event has of a request. */
async function read(request) {
    const { pathname, searchParams } = new URL(request.url, "http://gateway");
    const body = Buffer.concat(await request.toArray()).toString();
    const headers = Object.entries(request.headers);
    return { method: request.method, pathname, searchParams, headers, body: body || null };
}

const context = () => ({
    accountId: "123456789012",
    apiId: "clients",
    domainName: "clients.execute-api.example",
    requestId: randomUUID(),
    stage: STAGE,
});

/** An HTTP API's event (payload format 2.0): cookies apart, and the stage in front of the path. */
function eventOfHttpApi(resource, { method, pathname, searchParams, headers, body }) {
    const { cookie, ...rest } = Object.fromEntries(headers);
    const rawPath = `/${STAGE}${pathname}`;
    const http = { method, path: rawPath, protocol: "HTTP/1.1", sourceIp: "127.0.0.1" };
    return {
        version: "2.0",
        routeKey: resource,
        rawPath,
        rawQueryString: searchParams.toString(),
        ...(cookie && { cookies: cookie.split("; ") }),
        headers: rest,
        ...(searchParams.size && { queryStringParameters: Object.fromEntries(searchParams) }),
        requestContext: { ...context(), routeKey: resource, http, timeEpoch: Date.now() },
        ...(body && { body }),
        isBase64Encoded: false,
    };
}

/** A REST API's event (payload format 1.0): every list twice, and null for what is empty. */
function eventOfRestApi(resource, { method, pathname, searchParams, headers, body }) {
    const query = [...searchParams];
    const lists = (pairs) => Object.fromEntries(pairs.map(([name, value]) => [name, [value]]));
    return {
        resource: resource.split(" ")[1],
        path: pathname,
        httpMethod: method,
        headers: Object.fromEntries(headers),
        multiValueHeaders: lists(headers),
        queryStringParameters: query.length ? Object.fromEntries(query) : null,
        multiValueQueryStringParameters: query.length ? lists(query) : null,
        pathParameters: null,
        stageVariables: null,
        requestContext: { ...context(), path: `/${STAGE}${pathname}`, httpMethod: method },
        body,
        isBase64Encoded: false,
    };
}

const KINDS = { http: eventOfHttpApi, rest: eventOfRestApi };

/** Calls the function of a request's route, and answers with what it returns. */
export function startGateway(kind, functions) {
    const server = createServer(async (request, response) => {
        const asked = await read(request);
        const exact = `${asked.method} ${asked.pathname}`;
        const resource = functions.has(exact) ? exact : "ANY /auth/{proxy+}";
        const event = KINDS[kind](resource, asked);
        try {
            const answer = await functions.get(resource)(event, { awsRequestId: randomUUID() });
            const { headers, multiValueHeaders, cookies } = answer;
            for (const [name, value] of Object.entries({ ...headers, ...multiValueHeaders })) {
                response.setHeader(name, value);
            }
            if (kind === "http" && cookies?.length) response.setHeader("set-cookie", cookies);
            response.writeHead(answer.statusCode).end(answer.body);
        } catch (error) {
            console.error(error);
            response.writeHead(502).end("{}");
        }
    });
    return listen(server);
}
