import { randomInt } from "node:crypto";
import { createServer } from "node:net";

// Below the ephemeral range of Linux and macOS, so that no outgoing connection takes the port between the test and its use.
const LOWEST = 20_000;
const HIGHEST = 32_000;
const TRIES = 50;

/** Whether nothing listens on this port of the loopback address. */
export function isPortFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * Finds a TCP port on the loopback address that nothing listens on.
 * @throws Error when none of many tries was free.
 */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isPortFree(port)) return port;
  }
  throw new Error(`no free port found between ${LOWEST} and ${HIGHEST}`);
}
