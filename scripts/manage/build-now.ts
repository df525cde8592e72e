import { ensureBuilt } from "./build.ts";
import { createOutput } from "./output.ts";

// Through ensureBuilt(), so that no test finds the build outdated and builds again beside the others.
await ensureBuilt(createOutput());
