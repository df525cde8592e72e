import type { Logger } from "pino";
import type { RedisClientType } from "redis";
import type { Place } from "./redis-server.ts";

/** Which servers take commands now, and which of them has a key. */
export type Layout = {
  readonly places: readonly Place[];
  /** Undefined: nobody has the key now. */
  readonly placeOf: (key: string) => Place | undefined;
};

/** Whoever knows the layout. */
export type Directory = {
  /** Throws what Redis throws when nobody can be asked. */
  readonly ask: () => Promise<Layout>;
  /** What it said did not hold: somebody else is asked next. */
  readonly distrust: () => void;
  /** Whether a server that was connected is what it was said to be. */
  readonly accepts: (server: RedisClientType) => Promise<boolean>;
  readonly close: () => void;
};

/** How long a change that nothing else shows can stay unnoticed. */
const ASK_EVERY = 1_000;

export type LayoutWatch = {
  /** Asks now; resolves when the answer is in force, or when there was none. One question at a time. */
  readonly refresh: () => Promise<void>;
  readonly close: () => void;
};

/** Asks a directory again and again. @param apply puts an answer in force. */
export function watchLayout(
  directory: Directory,
  apply: (layout: Layout) => Promise<void>,
  log: Pick<Logger, "warn" | "info">,
): LayoutWatch {
  let running: Promise<void> | null = null;
  let lost = false;
  const ask = async () => {
    try {
      await apply(await directory.ask());
      if (lost) log.info({ dependency: "redis" }, "it is known again which Redis servers take commands");
      lost = false;
    } catch (error) {
      if (!lost) log.warn({ err: error, dependency: "redis" }, "nobody says which Redis servers take commands");
      lost = true;
    }
  };
  const refresh = () => {
    running ??= ask().finally(() => {
      running = null;
    });
    return running;
  };
  const timer = setInterval(() => void refresh(), ASK_EVERY).unref();
  return {
    refresh,
    close: () => {
      clearInterval(timer);
      directory.close();
    },
  };
}
