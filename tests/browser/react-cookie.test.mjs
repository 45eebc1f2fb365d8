import { cases } from "./lib/cases.mjs";
import { reactApp } from "./lib/react.mjs";

cases("React app, tokens in cookies", reactApp("cookie"));
