import { fileURLToPath } from "node:url";

/** @type {import("next").NextConfig} */
export default {
    // Loads its recipes by what is set up, so that it can't be bundled.
    serverExternalPackages: ["supertokens-node"],
    // The packages and what all frameworks share lie one folder above.
    turbopack: { root: fileURLToPath(new URL("..", import.meta.url)) },
};
