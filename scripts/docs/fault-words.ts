import {
  ACTIONS,
  type Action,
  type Cells,
  FAULT_TABLE,
  FAULTS,
  type FaultName,
  HEALTHY,
  OUTCOMES,
  PARTS,
  PEOPLE,
} from "../../gateway/test/faults/fault-table.ts";

const COLUMNS = { passkey: "passkey", password: "password", both: "both", nobody: "not signed in" } as const;

const NAMES = Object.keys(ACTIONS) as Action[];

/** An action's outcomes for everybody; empty for whom it is none. */
function row(action: Action, cells: Cells): string {
  const outcomes = PEOPLE.map((person) => {
    const outcome = cells[person][action];
    return outcome ? OUTCOMES[outcome] : "";
  });
  return `| ${[ACTIONS[action], ...outcomes].join(" | ")} |`;
}

const differs = (action: Action, cells: Cells) =>
  PEOPLE.some((person) => cells[person][action] !== HEALTHY[person][action]);

const list = (faults: readonly FaultName[]) => faults.map((fault) => FAULTS[fault].words).join(", ");

function table(faults: readonly FaultName[], cells: Cells): string {
  const changed = NAMES.filter((action) => differs(action, cells));
  if (changed.length === 0) return `*${list(faults)}*: everything works.`;
  const head = `| ${["", ...PEOPLE.map((person) => COLUMNS[person])].join(" | ")} |`;
  const lines = [head, `|${"---|".repeat(PEOPLE.length + 1)}`, ...changed.map((action) => row(action, cells))];
  return `*${list(faults)}*:\n\n${lines.join("\n")}`;
}

/** The table of faults as a page shows it: of each part what differs from a day without faults. */
export function faultWords(): string {
  return PARTS.map((part) => {
    const rows = FAULT_TABLE.filter((entry) => entry.part === part);
    return [
      `**${part[0]?.toUpperCase()}${part.slice(1)}**`,
      ...rows.map(({ faults, cells }) => table(faults, cells)),
    ].join("\n\n");
  }).join("\n\n");
}
