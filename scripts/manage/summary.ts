import { SERVICES } from "../services.ts";
import type { Context } from "./context.ts";
import type { ServiceState } from "./native-state.ts";
import { formatTable } from "./table.ts";

/** Where each service is reached by a person or a tool; empty where nobody has to. */
function addressOf(state: ServiceState, { settings }: Context): string {
  switch (state.name) {
    case "gateway":
      return settings.PUBLIC_URL;
    case "mailpit":
      return `http://127.0.0.1:${settings.MAIL_UI_PORT}`;
    case "frontend":
      return "behind the gateway";
    default:
      return state.ports.length > 0 ? state.ports.map((port) => `127.0.0.1:${port}`).join(", ") : "inside Docker";
  }
}

function row(state: ServiceState, context: Context): string[] {
  const purpose = SERVICES.find((service) => service.name === state.name)?.purpose ?? "";
  const process = state.pid === null ? "-" : String(state.pid);
  return [state.name, state.state, process, addressOf(state, context), purpose];
}

/** One table of what runs and where. */
export function stateLines(states: readonly ServiceState[], context: Context): string[] {
  return formatTable(
    ["service", "state", "process", "address", "what it is for"],
    states.map((state) => row(state, context)),
  );
}

/** Where to click, once everything runs. */
export function clickLines({ settings }: Context): string[] {
  return [
    `Open ${settings.PUBLIC_URL}/register to sign up; mails arrive at http://127.0.0.1:${settings.MAIL_UI_PORT}`,
    "Logs: ./manage.sh logs -f    State: ./manage.sh status    Stop: ./manage.sh stop",
  ];
}
