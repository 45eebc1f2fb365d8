import { reactApp } from "./lib/react.mjs";
import { smsCases } from "./lib/sms-cases.mjs";

smsCases("React app, SMS", reactApp("cookie"), (page) => page.goto("/app/second-factor"));
