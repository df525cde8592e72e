import { expect, it } from "vitest";
import { summariseProfile } from "./profile-summary.ts";

const node = (id: number, functionName: string, url: string, children: number[] = []) => ({
  id,
  callFrame: { functionName, url },
  children,
});

const nodes = [
  node(1, "(root)", "", [2, 3, 7, 8, 9]),
  node(2, "(idle)", ""),
  node(3, "onread", "node:_http_server", [4]),
  node(4, "handle", "file:///app/node_modules/express/lib/router.js", [5, 6]),
  node(5, "write", "node:net", [10]),
  node(6, "answer", "file:///app/gateway/src/http/session-body.ts"),
  node(7, "(garbage collector)", ""),
  node(8, "get", "file:///app/node_modules/x/node_modules/@redis/client/dist/client.js"),
  node(9, "(program)", ""),
  node(10, "writeUtf8String", ""),
];

const profileOf = (samples: number[]) =>
  JSON.stringify({ nodes, samples, timeDeltas: samples.map(() => 1_000), startTime: 0, endTime: 1 });

it("counts Node's own work for its caller, and the waiting for nobody", () => {
  expect(summariseProfile(profileOf([2, 2, 2, 3, 3, 4, 5, 5, 5, 6, 8, 8, 8]), 100)).toEqual([
    { owner: "express", share: 0.4 },
    { owner: "@redis/client", share: 0.3 },
    { owner: "node:_http_server", share: 0.2 },
    { owner: "http/session-body.ts", share: 0.1 },
  ]);
});

it("sets the writing to sockets apart from its caller", () => {
  const costs = summariseProfile(profileOf([4, 5, 5, 10]), 100);
  expect(costs).toEqual([
    { owner: "express", share: 0.75 },
    { owner: "(writes to sockets)", share: 0.25 },
  ]);
});

it("counts the end of the profile alone", () => {
  expect(summariseProfile(profileOf([7, 7, 7, 9, 6, 6, 6]), 4)).toEqual([
    { owner: "http/session-body.ts", share: 0.75 },
    { owner: "(program)", share: 0.25 },
  ]);
});

it("refuses what is no profile", () => {
  expect(() => summariseProfile("{}", 1)).toThrow();
});
