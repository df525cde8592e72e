import { Failure } from "../failure.ts";
import { type Arguments, parseArguments } from "./arguments.ts";
import { loadContext } from "./context.ts";
import { helpLines } from "./help.ts";
import { Interrupted } from "./interrupt.ts";
import { createOutput, type Output } from "./output.ts";

/** Commands are loaded when they are asked for: help and status work before any package is installed. */
async function run({ command, service, flags, rest }: Arguments, output: Output): Promise<number> {
  const isReadOnly = ["status", "logs", "doctor", "stop", "admin", "keys", "check-routes", "reload"].includes(command);
  const context = () => loadContext(process.env, !isReadOnly);
  switch (command) {
    case "start":
      await (await import("./start.ts")).start(await context(), flags, output);
      return 0;
    case "stop":
      await (await import("./stop.ts")).stop(await context(), output);
      return 0;
    case "restart":
      await (await import("./stop.ts")).restart(await context(), service, output);
      return 0;
    case "status":
      return (await import("./status.ts")).status(await context(), flags.has("--json"), output);
    case "logs":
      return (await import("./logs.ts")).logs(await context(), service, flags.has("-f"), output, process.stdout.isTTY);
    case "doctor":
      return (await import("./doctor.ts")).doctor(await context(), output);
    case "dev":
      return (await import("./dev.ts")).dev(await context(), flags, output);
    case "test":
      return (await import("./test.ts")).test(flags, output);
    case "tls":
      return (await import("../tls/main.ts")).tls(await context(), rest, output);
    case "admin":
    case "check-routes":
    case "keys":
      return (await import("./gateway-program.ts")).gatewayProgram(await context(), command, rest, output);
    case "reload":
      return (await import("./reload.ts")).reload(await context(), output);
    default:
      for (const line of helpLines()) output.line(line);
      return 0;
  }
}

/** A failure the operator can act on is one sentence and a remedy; anything else is a fault of ours and keeps its trace. */
function explain(error: unknown): number {
  if (error instanceof Interrupted) {
    process.stderr.write("Interrupted; what this call had started is stopped again.\n");
    return error.exitCode;
  }
  const text =
    error instanceof Failure
      ? `${error.message}\n→ ${error.remedy}`
      : String(error instanceof Error ? error.stack : error);
  process.stderr.write(`\n${text}\n`);
  return 1;
}

// A reader that went away (./manage.sh logs | head) is no fault.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

/** Only after everything written has been taken: a pipe that is read slowly would lose the end of the logs. */
const exitWith = (code: number) => process.stdout.write("", () => process.exit(code));

try {
  exitWith(await run(parseArguments(process.argv.slice(2)), createOutput()));
} catch (error) {
  exitWith(explain(error));
}
