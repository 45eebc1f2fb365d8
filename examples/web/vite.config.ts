import { resolve } from "node:path";
import { defineConfig } from "vite";

export default defineConfig({
  // The stylesheet is the plain page's, one folder up.
  server: { fs: { allow: [resolve(import.meta.dirname, "..")] } },
  build: {
    chunkSizeWarningLimit: 1280,
    rolldownOptions: {
      input: {
        index: resolve(import.meta.dirname, "index.html"),
        "web-js": resolve(import.meta.dirname, "web-js.html"),
      },
    },
  },
});
