import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** What is run by its name: the gateway itself, and what operators call. */
const PROGRAMS = ["main", "migrate", "admin", "keys", "check-routes"];

/** Databases knex knows besides PostgreSQL, and a native speed-up of pg: none of them is installed. */
const NOT_INSTALLED = /^(better-sqlite3|mariadb|mysql2?|oracledb|pg-native|pg-query-stream|sqlite3|tedious)(\/|$)/;

/** Each start reads them all: what licences ask for stays, the sixth that only people read goes. */
const COMMENTS = { legal: true, annotation: false, jsdoc: false };

/** V8 keeps a program's text, with two bytes a character as soon as one needs them: escaped, it takes half. */
const ascii: Plugin = {
  name: "ascii",
  // The last hook: what writes comments out before it would turn them back.
  generateBundle: (_options, bundle) => {
    for (const file of Object.values(bundle)) {
      if (file.type !== "chunk") continue;
      file.code = file.code.replace(
        /[\u0080-\uffff]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
      );
    }
  },
};

/**
 * Each program in one file, with what they share beside it: most of a start was finding, reading and compiling the two
 * thousand files of the packages. All of them lie as deep below the gateway as the sources in a folder of src/ do, so
 * that the way to data/ is the same.
 */
export default defineConfig({
  root: path("."),
  ssr: { noExternal: true, target: "node" },
  plugins: [ascii],
  build: {
    ssr: true,
    outDir: path("dist"),
    emptyOutDir: true,
    target: "node22",
    sourcemap: true,
    rolldownOptions: {
      input: Object.fromEntries(PROGRAMS.map((name) => [name, path(`src/${name}.ts`)])),
      external: NOT_INSTALLED,
      output: { entryFileNames: "src/[name].js", chunkFileNames: "src/[name]-[hash].js", comments: COMMENTS },
    },
  },
});
