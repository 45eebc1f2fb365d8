// An application on one framework, from its start to its end.
import { after, before } from "node:test";
import { cases } from "./cases.mjs";
import { startCore } from "./core.mjs";
import { startOutside } from "./outside.mjs";
import { init } from "./sdk.mjs";

/**
 * Runs every case on the application that `serve` starts once the SDK is set up for its framework.
 * It is given the core's address and that of what lies outside, and gives its own, and how to end it.
 */
export function application(framework, serve) {
    const world = { origin: undefined, outside: undefined, connectionURI: undefined };
    const ends = [];
    before(async () => {
        world.outside = await startOutside();
        ends.push(world.outside.close);
        const { connectionURI, stop } = await startCore();
        ends.push(stop);
        world.connectionURI = connectionURI;
        init(framework, connectionURI, world.outside.origin);
        const { origin, close } = await serve(connectionURI, world.outside.origin);
        ends.push(close);
        world.origin = origin;
    });
    after(async () => {
        for (const end of ends.toReversed()) await end();
    });
    cases(world);
    return world;
}
