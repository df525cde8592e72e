import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** The page of the sample application; the strict CSP of its server allows nothing inline. */
export default defineConfig({
  root: path("page"),
  plugins: [react()],
  build: {
    outDir: path("../dist/dashboard/public"),
    emptyOutDir: true,
    assetsDir: "sample/assets",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
  },
});
