import { Failure } from "../failure.ts";
import { isServiceName, SERVICE_NAMES, type ServiceName } from "../services.ts";

/** What was asked for on the command line. */
export type Arguments = {
  readonly command: string;
  readonly service: ServiceName | null;
  readonly flags: ReadonlySet<string>;
  /** What follows the command, untouched: for commands that read it themselves. */
  readonly rest: readonly string[];
};

type CommandShape = { readonly flags: readonly string[]; readonly takesService?: boolean; readonly passesOn?: boolean };

/** What each command takes. */
export const COMMANDS: Readonly<Record<string, CommandShape>> = {
  start: { flags: ["--native", "--docker", "--yes"] },
  stop: { flags: [] },
  restart: { flags: [], takesService: true },
  status: { flags: ["--json"] },
  logs: { flags: ["-f"], takesService: true },
  test: { flags: ["--yes"] },
  doctor: { flags: [] },
  dev: { flags: ["--yes"] },
  tls: { flags: [], passesOn: true },
  admin: { flags: [], passesOn: true },
  keys: { flags: [], passesOn: true },
  "check-routes": { flags: [], passesOn: true },
  reload: { flags: [] },
  help: { flags: [] },
};

const REMEDY = "See ./manage.sh help";
const ALIASES: Readonly<Record<string, string>> = { "--help": "help", "-h": "help", "--follow": "-f", "-y": "--yes" };

function checkFlags(command: string, shape: CommandShape, flags: readonly string[]): void {
  const unknown = flags.find((flag) => !shape.flags.includes(flag));
  if (unknown) throw new Failure(`./manage.sh ${command} does not know ${unknown}.`, REMEDY);
  if (flags.includes("--native") && flags.includes("--docker")) {
    throw new Failure("Choose one of --native and --docker.", REMEDY);
  }
}

/**
 * Reads the command line.
 * @throws Failure naming the first thing that is not understood.
 */
export function parseArguments(words: readonly string[]): Arguments {
  const [command = "help", ...rest] = words.map((word) => ALIASES[word] ?? word);
  const shape = COMMANDS[command];
  if (!shape) throw new Failure(`There is no command "${command}".`, REMEDY);
  if (shape.passesOn) return { command, service: null, flags: new Set(), rest: words.slice(1) };
  const flags = rest.filter((word) => word.startsWith("-"));
  const names = rest.filter((word) => !word.startsWith("-"));
  checkFlags(command, shape, flags);
  const [name, surplus] = names;
  if (surplus !== undefined || (name !== undefined && !shape.takesService)) {
    throw new Failure(`./manage.sh ${command} cannot do anything with "${surplus ?? name}".`, REMEDY);
  }
  if (name !== undefined && !isServiceName(name)) {
    throw new Failure(`There is no service "${name}".`, `Services: ${SERVICE_NAMES.join(", ")}`);
  }
  return { command, service: name ?? null, flags: new Set(flags), rest };
}
