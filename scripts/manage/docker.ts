import { spawn } from "node:child_process";
import { CHECKOUT } from "../checkout.ts";
import { composeEnvironment } from "../compose/compose-environment.ts";
import { Failure } from "../failure.ts";
import { runCommand } from "../run-command.ts";
import { SERVICES, type ServiceName } from "../services.ts";
import type { Context } from "./context.ts";
import type { ServiceState } from "./native-state.ts";

/** Whether an engine answers and knows compose; the client alone is not enough. */
export async function isDockerUsable(): Promise<boolean> {
  const [engine, compose] = await Promise.all([
    runCommand("docker", ["info", "--format", "{{.ServerVersion}}"]),
    runCommand("docker", ["compose", "version", "--short"]),
  ]);
  return engine.code === 0 && engine.stdout.trim() !== "" && compose.code === 0;
}

function composeArgs(context: Context, args: readonly string[]): string[] {
  return ["compose", "--project-directory", CHECKOUT, "--env-file", context.envFile, ...args];
}

function environmentOf({ settings }: Context): NodeJS.ProcessEnv {
  return composeEnvironment(settings, process.env);
}

/**
 * Runs docker compose for this checkout. The caller's environment wins over the settings file, as compose has it.
 * @throws Failure with the end of its output.
 */
export async function compose(context: Context, ...args: string[]): Promise<string> {
  const result = await runCommand("docker", composeArgs(context, args), { cwd: CHECKOUT, env: environmentOf(context) });
  if (result.code === 0) return result.stdout;
  const tail = result.stderr.trim().split("\n").slice(-6).join("\n");
  throw new Failure(`docker compose ${args[0]} failed: ${tail}`, "Read ./manage.sh logs, then try again.");
}

/** Runs docker compose with its output on ours, for as long as it runs. Returns its exit code. */
export function composeAttached(context: Context, ...args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn("docker", composeArgs(context, args), {
      cwd: CHECKOUT,
      env: environmentOf(context),
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 0));
  });
}

type ComposeContainer = {
  Service: string;
  State: string;
  Health?: string;
  Status?: string;
  Publishers?: { PublishedPort: number }[];
};

/** Compose prints an array or one object a line, depending on its version. */
export function parseContainers(text: string): ComposeContainer[] {
  const trimmed = text.trim();
  if (trimmed === "") return [];
  if (trimmed.startsWith("[")) return JSON.parse(trimmed) as ComposeContainer[];
  return trimmed.split("\n").map((line) => JSON.parse(line) as ComposeContainer);
}

function stateOf(name: ServiceName, containers: readonly ComposeContainer[]): ServiceState {
  const container = containers.find((entry) => entry.Service === name);
  const running = container?.State === "running";
  const healthy =
    running && (container.Health === "" || container.Health === undefined || container.Health === "healthy");
  const published = (container?.Publishers ?? []).map((entry) => entry.PublishedPort).filter((port) => port > 0);
  return {
    name,
    state: healthy ? "running" : running ? "unhealthy" : "stopped",
    pid: null,
    since: null,
    ports: [...new Set(published)],
    detail: healthy ? "" : (container?.Status ?? "no container"),
    log: null,
  };
}

/** The state of every service in compose. */
export async function dockerStates(context: Context): Promise<ServiceState[]> {
  const containers = parseContainers(await compose(context, "ps", "--all", "--format", "json"));
  return SERVICES.map((service) => stateOf(service.name, containers));
}
