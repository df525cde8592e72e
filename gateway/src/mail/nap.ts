/** A wait that can be cut short. */
export type Nap = {
  /** Ends at once when it was woken before it began. */
  readonly sleep: () => Promise<void>;
  readonly wake: () => void;
};

/** @param longest milliseconds each sleep lasts unless it is woken. */
export function createNap(longest: number): Nap {
  let woken = false;
  let end: () => void = () => undefined;
  return {
    wake: () => {
      woken = true;
      end();
    },
    sleep: async () => {
      if (!woken) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, longest);
          end = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      woken = false;
    },
  };
}
