import react from "@vitejs/plugin-react";
import { defineConfig, type UserConfig } from "vite";

const GATEWAY = "http://localhost:8080";

/** The gateway serves the pages and their assets, so nothing here may need an inline script or style (strict CSP). */
const pages: UserConfig = {
  base: "/passbridge/",
  plugins: [react()],
  build: {
    outDir: "dist/pages",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    // What half of the pages need comes in one piece: a file of its own for each field and button costs more than it saves.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "shared", minShareCount: 5 }] } } },
  },
  server: {
    proxy: {
      "/api": GATEWAY,
      "/.ory": GATEWAY,
      "/.passbridge": GATEWAY,
      "/passbridge/providers": GATEWAY,
    },
  },
};

export default defineConfig(({ command }) => {
  // Test runners set NODE_ENV, and a build started by one would carry React's development half.
  if (command === "build") process.env.NODE_ENV = "production";
  return pages;
});
