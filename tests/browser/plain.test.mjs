import { cases } from "./lib/cases.mjs";
import { plainPage } from "./lib/plain.mjs";

cases("Plain page", plainPage(), "--plain");
