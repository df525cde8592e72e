import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Request } from "autocannon";
import { z } from "zod";
import { runWrk } from "../load/wrk.ts";
import { applyLoad, CONNECTIONS, expectPage } from "../load.ts";
import type { Side } from "../rounds.ts";
import { createCeremonySide } from "../works/ceremonies.ts";
import { sampleOf, seededCookie } from "./seeded-people.ts";
import type { SeededWorld } from "./seeded-world.ts";

/** People who are asked about in turn: as many in the small world as in the large one, so that caches serve both alike. */
const ASKED = 1_000;

export type SeededSide = (world: SeededWorld) => Promise<Side>;

const sideOf = ({ bench, people }: SeededWorld) => ({
  name: `gateway, ${people.length.toLocaleString("en")} people and sessions`,
  pid: bench.gateway.pid,
});

/** One GET with the sessions of people all over the stores. */
export const createGetSide =
  (path: string): SeededSide =>
  async (world) => {
    const { gateway, secret } = world.bench;
    const cookies = sampleOf(world.people, ASKED).map(({ id }) => seededCookie(id, secret));
    const file = join(mkdtempSync(join(tmpdir(), "passbridge-cookies-")), "cookies");
    writeFileSync(file, `${cookies.join("\n")}\n`, { mode: 0o600 });
    const url = gateway.address + path;
    const body = await expectPage({ url, headers: { cookie: cookies[0] ?? "" } }, (text) => text.length > 100);
    const expected = { status: 200, length: Buffer.byteLength(body) };
    const side = sideOf(world);
    return {
      ...side,
      measure: (milliseconds) =>
        runWrk(side.name, {
          connections: CONNECTIONS,
          milliseconds,
          request: { url },
          expected,
          cookies: { file, first: 0 },
        }),
    };
  };

/** @param owners of passkeys who sign in by turns. */
export const createPasskeySignIn =
  (owners: number): SeededSide =>
  async (world) => ({ ...(await createCeremonySide(world.bench, owners)), ...sideOf(world) });

const loginFlow = z.object({ id: z.string() });

/** Starts Kratos' login for an application without a browser, and submits the next person's password. */
function passwordSteps({ people, password }: SeededWorld): Request[] {
  const asked = sampleOf(people, ASKED);
  let begun = 0;
  const headers = { accept: "application/json", "content-type": "application/json" };
  return [
    {
      method: "GET",
      path: "/.ory/kratos/self-service/login/api",
      headers,
      onResponse: (status, body, context: { flow?: string }) => {
        if (status === 200) context.flow = loginFlow.parse(JSON.parse(body)).id;
      },
    },
    {
      setupRequest: (request, { flow = "" }: { flow?: string }) => {
        begun += 1;
        const { email: identifier } = asked[begun % asked.length] ?? { email: "" };
        const path = `/.ory/kratos/self-service/login?flow=${flow}`;
        return {
          ...request,
          method: "POST" as const,
          path,
          headers,
          body: JSON.stringify({ method: "password", identifier, password }),
        };
      },
    },
  ];
}

export const createPasswordSignIn: SeededSide = async (world) => {
  const side = sideOf(world);
  return {
    ...side,
    measure: async (milliseconds) => {
      const requests = passwordSteps(world);
      const { done, seconds } = await applyLoad(side.name, milliseconds, {
        url: world.bench.gateway.address,
        requests,
      });
      return { done: done / requests.length, seconds };
    },
  };
};
