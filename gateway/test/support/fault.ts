/** How a network, or the server at its end, may behave. What counts bytes counts those of answers, from its start on. */
export type Fault =
  | { readonly kind: "pass" }
  /** Every connection is reset, and new ones as soon as they are made. */
  | { readonly kind: "refuse" }
  /** Connections are taken and nothing arrives: no question; with `after` no answer beyond so many bytes. */
  | { readonly kind: "hang"; readonly after?: number }
  /** Each piece of an answer comes so many milliseconds late, and drips when there is a rate. */
  | { readonly kind: "slow"; readonly latency: number; readonly bytesPerSecond?: number }
  /** Each connection ends after so many bytes of its answers. */
  | { readonly kind: "cut"; readonly after: number; readonly by: "reset" | "end" }
  /** Answers are as long as ever, and of random bytes. */
  | { readonly kind: "garbage"; readonly seed: number }
  /** Before each piece of an answer comes this. */
  | { readonly kind: "extra"; readonly text: string }
  /** Every HTTP request is answered with this status, and does not arrive. */
  | { readonly kind: "status"; readonly status: number };

/** The fault of the moment; those who wait for another one are told. */
export type FaultSwitch = {
  readonly now: () => Fault;
  readonly turn: (fault: Fault) => void;
  /** Until this fault is over. */
  readonly over: (fault: Fault) => Promise<void>;
};

export function createFaultSwitch(): FaultSwitch {
  let current: Fault = { kind: "pass" };
  let change = Promise.withResolvers<void>();
  return {
    now: () => current,
    turn: (fault) => {
      current = fault;
      change.resolve();
      change = Promise.withResolvers();
    },
    over: async (fault) => {
      while (current === fault) await change.promise;
    },
  };
}
