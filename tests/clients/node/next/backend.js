// Sets the SDK up before a route's first use of it; a build has no core.
import { init } from "../sdk.mjs";

let isSetUp = false;

export function setUp() {
    if (!isSetUp) init("custom", process.env.CORE, process.env.OUTSIDE);
    isSetUp = true;
}
