import { messageOf } from "../failure.ts";
import { ensureBuilt } from "./build.ts";
import { createOutput } from "./output.ts";

// Through ensureBuilt(), so that no test finds the build outdated and builds again beside the others.
try {
  await ensureBuilt(createOutput());
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
