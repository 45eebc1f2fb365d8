import { cases } from "./lib/cases.mjs";
import { reactApp } from "./lib/react.mjs";

cases("React app, tokens in headers", reactApp("header"));
