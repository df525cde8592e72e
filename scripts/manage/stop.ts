import type { ServiceName } from "../services.ts";
import type { Context } from "./context.ts";
import { compose } from "./docker.ts";
import { currentMode, forgetMode } from "./mode.ts";
import { startNative } from "./native-start.ts";
import { stopNative } from "./native-stop.ts";
import type { Output } from "./output.ts";
import { requireValidSettings } from "./setting-findings.ts";

/** ./manage.sh stop: nothing of it runs afterwards; the data stays. */
export async function stop(context: Context, output: Output): Promise<void> {
  if (currentMode(context) === "docker") {
    await output.step("Stopping the containers", () => compose(context, "down"));
    output.line("Passbridge is stopped; its data stays in Docker's volumes.");
  } else {
    const stopped = await stopNative(context, output);
    const words =
      stopped.length > 0 ? `Passbridge is stopped; its data stays in ${context.dataDir}.` : "Nothing was running.";
    output.line(words);
  }
  forgetMode(context);
}

/** ./manage.sh restart [service] */
export async function restart(context: Context, service: ServiceName | null, output: Output): Promise<void> {
  if (currentMode(context) === "docker") {
    // Made anew rather than restarted: a restarted container would keep its old settings and its old image.
    const anew = [
      "up",
      "--detach",
      "--build",
      "--force-recreate",
      "--wait",
      ...(service ? ["--no-deps", service] : []),
    ];
    await output.step(`Restarting ${service ?? "the containers"}`, () => compose(context, ...anew));
    return;
  }
  // Nothing is stopped that could not be started again.
  if (service === null || service === "gateway") await requireValidSettings(context);
  await stopNative(context, output, service ? [service] : undefined);
  const started = await startNative(context, output, service ? { only: [service] } : {});
  output.line(`Restarted: ${started.join(", ")}`);
}
