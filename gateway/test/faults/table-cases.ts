import type { Fault } from "../support/fault.ts";
import { type Cells, FAULT_TABLE, FAULTS, type FaultName, type PartName } from "./fault-table.ts";

/** The faults of a part's network in the table, to be tested one by one. */
export function networkFaultsOf(part: PartName): { words: string; fault: Fault; cells: Cells }[] {
  return FAULT_TABLE.filter((row) => row.part === part).flatMap(({ faults, cells }) =>
    faults.flatMap((name) => {
      const { words, fault } = FAULTS[name];
      return fault ? [{ words, fault, cells }] : [];
    }),
  );
}

/** What the table says of a fault. */
export function cellsOf(part: PartName, name: FaultName): Cells {
  const found = FAULT_TABLE.find((row) => row.part === part && row.faults.includes(name));
  if (!found) throw new Error(`the table has nothing on ${part}, ${name}`);
  return found.cells;
}
