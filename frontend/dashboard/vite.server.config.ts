import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** The server of the sample application as one file that needs no node_modules beside it. */
export default defineConfig({
  root: path("server"),
  ssr: { noExternal: true, target: "node" },
  build: {
    ssr: path("server/main.ts"),
    outDir: path("../dist/dashboard"),
    emptyOutDir: false,
    target: "node22",
    rolldownOptions: {
      // Optional native speed-ups of ws, which it does without when they are not there.
      external: ["bufferutil", "utf-8-validate"],
      output: { entryFileNames: "server.js" },
    },
  },
});
