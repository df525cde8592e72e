import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Circuit, createCircuit } from "./circuit.ts";

const silence = new Error("no answer");
const refusal = new Error("an answer, but a bad one");

let alive: boolean;
let probes: number;
let states: string[];
let circuit: Circuit;
beforeEach(() => {
  vi.useFakeTimers();
  alive = true;
  probes = 0;
  states = [];
  circuit = createCircuit({
    probe: async () => {
      probes += 1;
      if (!alive) throw silence;
    },
    isSilence: (error) => error === silence,
    onChange: (state) => states.push(state),
    failures: 3,
    pause: 1_000,
  });
});
afterEach(() => {
  circuit.close();
  vi.useRealTimers();
});

let asked = 0;
const ask = (error?: Error) => {
  asked = 0;
  return circuit.run(async () => {
    asked += 1;
    if (error) throw error;
    return "yes";
  });
};
const fail = async (error: Error, times: number) => {
  for (let time = 0; time < times; time += 1) await expect(ask(error)).rejects.toBe(error);
};

describe("createCircuit", () => {
  it("opens after failures in a row, then answers at once as the last one was, without asking", async () => {
    await fail(silence, 2);
    expect(await ask()).toBe("yes");
    await fail(silence, 2);
    expect(states).toEqual([]);
    await fail(silence, 1);
    expect(states).toEqual(["open"]);
    await expect(ask()).rejects.toBe(silence);
    expect(asked).toBe(0);
    expect(circuit.check).toThrow(silence);
  });

  it("takes an error the part answered with for an answer", async () => {
    await fail(silence, 2);
    await fail(refusal, 5);
    await fail(silence, 2);
    expect(await ask()).toBe("yes");
  });

  it("is closed by a probe in the background, one at a time, and nobody waits for it", async () => {
    alive = false;
    await fail(silence, 3);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(probes).toBe(3);
    await expect(ask()).rejects.toBe(silence);
    alive = true;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(states).toEqual(["open", "closed"]);
    expect(await ask()).toBe("yes");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(probes).toBe(4);
  });

  it("is closed by an answer that comes late, and opens anew after as many failures as before", async () => {
    await fail(silence, 3);
    circuit.answered();
    await fail(silence, 2);
    expect(await ask()).toBe("yes");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(probes).toBe(0);
  });

  it("asks no more once it is let go of", async () => {
    alive = false;
    await fail(silence, 3);
    circuit.close();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(probes).toBe(0);
  });
});
