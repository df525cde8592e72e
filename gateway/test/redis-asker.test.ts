import { afterEach, beforeEach, expect, inject, it } from "vitest";
import { type Asker, createAsker } from "../src/redis/redis-asker.ts";
import { accessOf, createConnectToAsk, type Place, placeOf } from "../src/redis/redis-server.ts";
import type { Fault } from "./support/fault.ts";
import { type FaultProxy, startFaultProxy } from "./support/fault-proxy.ts";
import { redisSettingsOf } from "./support/redis-settings-of.ts";

let fronts: FaultProxy[];
let places: Place[];
let asker: Asker;
beforeEach(async () => {
  const { redisUrl } = inject("stack");
  fronts = [await startFaultProxy(redisUrl), await startFaultProxy(redisUrl)];
  places = fronts.map(({ url }) => placeOf(url, 0));
  asker = createAsker(createConnectToAsk(accessOf(redisSettingsOf({ REDIS_URL: redisUrl }))));
});
afterEach(() => {
  asker.close();
  for (const front of fronts) front.stop();
});

const ask = async () => (await asker.ask(places, ["PING"], (reply) => reply === "PONG")).from;

const faults: [what: string, Fault][] = [
  ["is away", { kind: "refuse" }],
  ["hangs", { kind: "hang" }],
  ["answers with what is no answer", { kind: "garbage", seed: 1 }],
  ["answers with another answer", { kind: "extra", text: "+OK\r\n" }],
];

it.each(faults)("another server is asked where the one that answered last %s", async (_what, fault) => {
  expect(await ask()).toEqual(places[0]);
  fronts[0]?.turn(fault);
  expect(await ask()).toEqual(places[1]);
  expect(await ask()).toEqual(places[1]);
});

it.each(faults)("another server is asked where the first one %s from the start", async (_what, fault) => {
  fronts[0]?.turn(fault);
  expect(await ask()).toEqual(places[1]);
});

it("says so where none answers", async () => {
  for (const front of fronts) front.turn({ kind: "hang" });
  await expect(ask()).rejects.toThrow();
  for (const front of fronts) front.heal();
  expect(places).toContainEqual(await ask());
});
