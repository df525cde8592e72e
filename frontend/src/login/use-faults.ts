import { useState } from "react";

/** What is wrong with the form: at its fields, and with the whole. */
export type FormFaults = {
  readonly email: string | null;
  readonly password: string | null;
  readonly messages: readonly string[];
};

export const NO_FAULTS: FormFaults = { email: null, password: null, messages: [] };

export type Faults = ReturnType<typeof useFaults>;

/** The form's faults, which every way in reports to; each report replaces the one before. */
export function useFaults() {
  const [faults, setFaults] = useState(NO_FAULTS);
  const report = (found: Partial<FormFaults>) => setFaults({ ...NO_FAULTS, ...found });
  return { ...faults, report };
}
