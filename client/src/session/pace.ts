import type { Tab } from "./tab.ts";

export type Pace = {
  /** Sets the clock anew: the tab was shown, or leads now. */
  readonly schedule: () => void;
  /** Has the next look so many milliseconds from now. */
  readonly lookIn: (milliseconds: number) => void;
  readonly stop: () => void;
};

export type PaceOptions = {
  readonly tab: Pick<Tab, "visible">;
  /** How much later than due, in milliseconds. */
  readonly grace: () => number;
  readonly look: () => void;
};

/** Says when to look next; never in a hidden tab. */
export function createPace({ tab, grace, look }: PaceOptions): Pace {
  let due = Date.now();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function schedule(): void {
    clearTimeout(timer);
    if (tab.visible()) timer = setTimeout(look, Math.max(0, due - Date.now()) + grace());
  }

  return {
    schedule,
    lookIn(milliseconds) {
      due = Date.now() + milliseconds;
      schedule();
    },
    stop: () => clearTimeout(timer),
  };
}
