import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../../../scripts/failure.ts";
import type { Part } from "../../../scripts/parts/part.ts";
import type { Calm } from "./calm.ts";
import type { PlannedTrouble, Trouble } from "./plan.ts";
import type { SoakWorld } from "./soak-world.ts";

export type TroublesDeps = {
  readonly world: SoakWorld;
  readonly calm: Calm;
  /** Redis is killed now, or was just now. */
  readonly redisCrashes: () => void;
  readonly tell: (line: string) => void;
  readonly signal: AbortSignal;
};

type Course = { readonly begin: () => Promise<void> | void; readonly end: () => Promise<void> | void };

/** Like what restarts programs: again, until it runs. A gateway that starts while PostgreSQL is away ends. */
async function startAgain(part: Part, tell: TroublesDeps["tell"]): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await part.start();
    } catch (error) {
      if (attempt >= 20) throw error;
      tell(`${part.name} did not start: ${messageOf(error).split("\n", 1)[0]}`);
      await delay(500);
    }
  }
}

function courseOf({ world, redisCrashes, tell }: TroublesDeps, trouble: Trouble): Course {
  const { stack, replicas, application } = world;
  if (trouble.kind === "way") {
    const ways = trouble.replicas.flatMap((index) => replicas[index]?.ways[trouble.way] ?? []);
    return {
      begin: () => {
        for (const way of ways) way.turn(trouble.fault);
      },
      end: () => {
        for (const way of ways) way.heal();
      },
    };
  }
  if (trouble.kind === "application") return { begin: application.crash, end: application.restart };
  if (trouble.kind === "pause") return { begin: stack[trouble.part].pause, end: stack[trouble.part].resume };
  if (trouble.kind === "gateway") {
    const { part } = replicas[1];
    return {
      begin: () => (trouble.signal === "SIGKILL" ? part.kill() : part.stop()),
      end: () => startAgain(part, tell),
    };
  }
  const part = stack[trouble.part];
  const note = () => (trouble.part === "redis" ? redisCrashes() : undefined);
  return {
    begin: async () => {
      note();
      await part.kill();
      note();
    },
    end: () => startAgain(part, tell),
  };
}

/** What two troubles at once must not both be at. */
const placeOf = (trouble: Trouble) =>
  trouble.kind === "way" ? trouble.way : "part" in trouble ? trouble.part : trouble.kind;

export const describeTrouble = (trouble: Trouble) => {
  const { kind, ...more } = trouble;
  return `${kind} ${JSON.stringify(more)}`;
};

/**
 * Makes the plan's trouble, each lane for itself, from now on; heals everything at the end.
 * @param counts is told the kind of each.
 */
export async function runTroubles(
  deps: TroublesDeps,
  lanes: readonly (readonly PlannedTrouble[])[],
  counts: (trouble: Trouble) => void,
): Promise<void> {
  const start = performance.now();
  const places = new Map<string, Promise<unknown>>();
  const pause = (milliseconds: number) =>
    delay(Math.max(0, milliseconds), undefined, { signal: deps.signal }).catch(() => undefined);

  const make = async ({ lasts, trouble }: PlannedTrouble) => {
    const { begin, end } = courseOf(deps, trouble);
    deps.calm.troubleBegins();
    deps.tell(`trouble: ${describeTrouble(trouble)} for ${lasts} ms`);
    counts(trouble);
    try {
      await begin();
      await pause(lasts);
      await end();
    } finally {
      deps.calm.troubleEnds();
    }
  };
  const runLane = async (lane: readonly PlannedTrouble[]) => {
    for (const planned of lane) {
      await pause(start + planned.at - performance.now());
      if (deps.signal.aborted) return;
      const place = placeOf(planned.trouble);
      const made = (places.get(place) ?? Promise.resolve()).then(() => make(planned));
      places.set(place, made);
      await made;
    }
  };
  await Promise.all(lanes.map(runLane));
}
