import { randomBytes, scrypt } from "node:crypto";
import { Problem } from "../errors.ts";

const HASH_BYTES = 32;
const SALT_BYTES = 16;

/** scrypt's parameters (RFC 7914, section 2): N, r and p. */
export type HashParameters = {
  readonly salt: Buffer;
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelization: number;
};

export type SlowHashLimits = {
  /** How many are worked on at the same time. */
  readonly atOnce: number;
  /** How many may wait for their turn. */
  readonly waiting: number;
};

/**
 * The slow hash of a text: 32 bytes.
 * @throws Problem dependency_unavailable when too many wait already.
 */
export type SlowHash = (text: string, parameters: HashParameters) => Promise<Buffer>;

/**
 * Parameters for something new. 32 MiB and some fifty milliseconds: what is hashed has 50 random bits, so that a stolen
 * table is good for a million years of one core each.
 */
export const newHashParameters = (): HashParameters => ({
  salt: randomBytes(SALT_BYTES),
  cost: 32_768,
  blockSize: 8,
  parallelization: 1,
});

function derive(text: string, { salt, cost, blockSize, parallelization }: HashParameters): Promise<Buffer> {
  // Node refuses what needs more than 32 MiB unless told otherwise; this is RFC 7914's need, and some room.
  const maxmem = 2 * 128 * blockSize * (cost + parallelization);
  return new Promise((resolve, reject) => {
    scrypt(text, salt, HASH_BYTES, { cost, blockSize, parallelization, maxmem }, (error, hash) =>
      error ? reject(error) : resolve(hash),
    );
  });
}

/**
 * scrypt off the event loop, a few at once: it shares the four threads of Node's pool with name look-ups and files, and
 * anyone may cause it.
 */
export function createSlowHash({ atOnce, waiting }: SlowHashLimits): SlowHash {
  const queue: (() => void)[] = [];
  let running = 0;

  const turn = (): Promise<void> => {
    if (running < atOnce) {
      running += 1;
      return Promise.resolve();
    }
    if (queue.length >= waiting) {
      throw new Problem("dependency_unavailable", {
        detail: "Too much at once. Try again in a moment.",
        retryAfter: 5,
      });
    }
    return new Promise((resolve) => {
      queue.push(resolve);
    });
  };
  // The place goes to whoever waited longest; nobody who comes just then is before them.
  const pass = () => {
    const next = queue.shift();
    if (next) next();
    else running -= 1;
  };

  return async (text, parameters) => {
    await turn();
    try {
      return await derive(text, parameters);
    } finally {
      pass();
    }
  };
}
