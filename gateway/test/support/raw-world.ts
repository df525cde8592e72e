import { afterAll, beforeAll, beforeEach } from "vitest";
import { createBrowser } from "./browser.ts";
import { type ByteUpstream, startByteUpstream } from "./byte-upstream.ts";
import { createPerson, type Person, signUp } from "./people.ts";
import { rawRequest } from "./raw-http.ts";
import { createTestDatabase, startGateway } from "./start-gateway.ts";

/** A gateway that is asked byte by byte by somebody signed in, before an upstream that keeps every byte. */
type RawWorld = {
  readonly person: Person;
  readonly upstream: ByteUpstream;
  /** A request of somebody signed in: its first line, then its headers. */
  readonly signedIn: (line: string, ...headers: string[]) => string;
  readonly ask: (text: string) => Promise<string>;
  readonly stop: () => Promise<void>;
};

async function startRawWorld(): Promise<RawWorld> {
  const upstream = await startByteUpstream();
  const gateway = await startGateway({
    env: { DATABASE_URL: await createTestDatabase(), UPSTREAM_URL: upstream.url },
    limits: { idleConnection: 300, interval: 100 },
  });
  const browser = createBrowser(gateway.origin);
  const person = createPerson();
  await signUp(browser, person);
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  return {
    person,
    upstream,
    signedIn: (line, ...headers) =>
      `${[line, "Host: localhost", `Cookie: ${cookie}`, ...headers].join("\r\n")}\r\n\r\n`,
    ask: (text) => rawRequest(gateway.origin, text),
    stop: async () => {
      await gateway.stop();
      await upstream.stop();
    },
  };
}

/** Such a world for a test file, which forgets before each test what reached its upstream. */
export function provideRawWorld(): Omit<RawWorld, "stop"> {
  let started: RawWorld | null = null;
  const world = () => {
    if (!started) throw new Error("the world is there in tests alone");
    return started;
  };
  beforeAll(async () => {
    started = await startRawWorld();
  });
  beforeEach(() => void world().upstream.take());
  afterAll(() => world().stop());
  return {
    get person() {
      return world().person;
    },
    get upstream() {
      return world().upstream;
    },
    signedIn: (line, ...headers) => world().signedIn(line, ...headers),
    ask: (text) => world().ask(text),
  };
}

/** A request that must never be understood as one. */
export const SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\nRemote-User: mallory\r\n\r\n";

export const requestLines = (text: string) => text.match(/^[A-Z]+ \S+ HTTP\/\d\.\d/gm) ?? [];

export const statusesOf = (answer: string) =>
  [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
