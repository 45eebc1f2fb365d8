// supertokens-node on AWS Lambda, behind an HTTP API of API Gateway.
import { application } from "./application.mjs";
import { functions } from "./lambda/functions.mjs";
import { startGateway } from "./lambda/gateway.mjs";

application("awsLambda", () => startGateway("http", functions()));
