import { SERVICES } from "../services.ts";
import { formatTable } from "./table.ts";

const COMMANDS = [
  ["start", "[--native|--docker] [--yes]", "start everything; what runs already is left alone"],
  ["stop", "", "stop everything; the data stays"],
  ["restart", "[service]", "stop and start all services, or one"],
  ["status", "[--json]", "what runs; the exit code is not 0 when something is down"],
  ["logs", "[service] [-f]", "the latest lines of all services, or one; -f follows"],
  ["doctor", "", "look for faults: versions, ports, disk, settings, services"],
  ["test", "[--yes]", "every check and test; installs what they need"],
  ["dev", "[--yes]", "like start, with gateway and pages rebuilt on every save"],
  ["tls", "", "a local certificate authority, for https://localhost:8443"],
  ["admin", "grant|revoke EMAIL, list", "who may administer: the role admin"],
  ["check-routes", "[METHOD URL [--as …]]", "the route rules: whether they are right, and which decides"],
  ["reload", "", "have the gateway read its route rules anew; no connection is dropped"],
  ["keys", "list|rotate [--now]", "the keys that sign the identity token"],
  ["help", "", "this text"],
];

/** The help text, line by line. */
export function helpLines(): string[] {
  const services = SERVICES.map((service) => [service.name, service.purpose]);
  return [
    "Usage: ./manage.sh COMMAND",
    "",
    ...indent(formatTable(["command", "options", "what it does"], COMMANDS)),
    "",
    ...indent(formatTable(["service", "what it is for"], services)),
    "",
    "start uses Docker where it works, else runs everything natively. --yes lets it use the system's package manager.",
    "Settings come from the environment, then from .env: PORT=9090 ./manage.sh start",
  ];
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
