import { randomBytes } from "node:crypto";
import type { AuthenticationResponseJSON } from "@simplewebauthn/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CborData, encodeCbor } from "./support/authenticator-keys.ts";
import {
  type AssertionCase,
  CLIENT_DATA,
  type ConformanceWorld,
  createConformanceWorld,
  FAILED,
  member,
  OK,
} from "./support/conformance-world.ts";

let world: ConformanceWorld;
beforeAll(async () => {
  world = await createConformanceWorld();
});
afterAll(() => world.stop());

async function assert(sent: AssertionCase) {
  const { username, device } = await world.registered();
  return world.assert(username, device, sent);
}

/** The same client data in other bytes: their hash is not the signed one. */
function respelled(body: AuthenticationResponseJSON): AuthenticationResponseJSON {
  const text = Buffer.from(body.response.clientDataJSON, "base64url").toString();
  const clientDataJSON = Buffer.from(`${text} `).toString("base64url");
  return { ...body, response: { ...body.response, clientDataJSON } };
}

const lastBitChanged = (bytes: Buffer) =>
  Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) ?? 0) ^ 1])]);

/** Server-ServerAuthenticatorAssertionResponse-Resp-1: the structure. */
const STRUCTURE: Readonly<Record<string, AssertionCase>> = {
  "F-1 no id": { change: member("id", undefined) },
  "F-2 an id that is no text": { change: member("id", 7) },
  "F-3 an id that is not base64url": { change: member("id", "not base64url!") },
  "F-4 no type": { change: member("type", undefined) },
  "F-5 a type that is no text": { change: member("type", 7) },
  "F-6 another type": { change: member("type", "private-key") },
  "F-7 no response": { change: member("response", undefined) },
  "F-8 a response that is no object": { change: member("response", "text") },
  "F-9 no client data": { change: member("response.clientDataJSON", undefined) },
  "F-10 client data that are no text": { change: member("response.clientDataJSON", 7) },
  "F-11 empty client data": { change: member("response.clientDataJSON", "") },
  "F-12 no authenticator data": { change: member("response.authenticatorData", undefined) },
  "F-13 authenticator data that are no text": { change: member("response.authenticatorData", 7) },
  "F-14 authenticator data that are not base64url": { change: member("response.authenticatorData", "a+b/") },
  "F-15 empty authenticator data": { change: member("response.authenticatorData", "") },
  "F-16 no signature": { change: member("response.signature", undefined) },
  "F-17 a signature that is no text": { change: member("response.signature", 7) },
  "F-18 a signature that is not base64url": { change: member("response.signature", "a+b/") },
  "F-19 an empty signature": { change: member("response.signature", "") },
  "F-20 a signature that cannot be verified": { tampering: { signature: lastBitChanged } },
  "F-20 another key's signature": { tampering: { otherKey: true } },
  "F-21 a user handle that is no text": { change: member("response.userHandle", 7) },
  "another user's handle": { tampering: { userHandle: randomBytes(64).toString("base64url") } },
  "another credential's id": { tampering: { id: randomBytes(32).toString("base64url") } },
};

/** …-Resp-3: the authenticator data. */
const AUTHENTICATOR_DATA: Readonly<Record<string, AssertionCase>> = {
  "F-1 leftover bytes": { tampering: { trailing: Buffer.from([0]) } },
  "F-2 another RP ID's hash": { tampering: { rpId: "evil.example" } },
  "F-3 a hash of other client data": { change: respelled },
  "F-5 no user verification where it is required": { verification: "required", tampering: { flags: { uv: false } } },
  "authenticator data cut short": { tampering: { authenticatorDataAfter: (data) => data.subarray(0, 36) } },
  "extension data announced and missing": { tampering: { flags: { ed: true } } },
};

const clientData = Object.fromEntries(Object.entries(CLIENT_DATA).map(([name, tampering]) => [name, { tampering }]));

describe.each([
  ["Resp-1", STRUCTURE],
  ["Resp-2", { ...clientData, "F-5 the other ceremony's type": { tampering: { type: "webauthn.create" } } }],
  ["Resp-3", AUTHENTICATOR_DATA],
])("assertion %s", (_name, cases: Readonly<Record<string, AssertionCase>>) => {
  it.each(Object.entries(cases))("%s is refused", async (_what, sent) => {
    expect(await assert(sent)).toEqual(FAILED);
  });
});

describe("assertion", () => {
  const extensions = encodeCbor(new Map<string | number, CborData>([["example.extension", "a hobbit"]]));

  it.each<[string, AssertionCase]>([
    ["Resp-1 P-1 a valid one", {}],
    ["Resp-3 P-3 one verified where that is required", { verification: "required" }],
    ["one unverified where that is preferred", { verification: "preferred", tampering: { flags: { uv: false } } }],
    [
      "Resp-3 P-5 one unverified where that is discouraged",
      { verification: "discouraged", tampering: { flags: { uv: false } } },
    ],
    ["Resp-3 P-6 one verified though that is discouraged", { verification: "discouraged" }],
    ["Resp-3 P-8 one with extension data", { tampering: { flags: { ed: true }, trailing: extensions } }],
    ["one without a user handle", { tampering: { userHandle: null } }],
    ["one with an empty user handle, as the API's example has it", { change: member("response.userHandle", "") }],
  ])("%s is accepted", async (_what, sent) => {
    expect(await assert(sent)).toEqual(OK);
  });

  it.each(["preferred", "discouraged"])(
    "Resp-3 P-4, P-7: without user presence is refused all the same, %s",
    async (verification) => {
      const tampering = { flags: { up: false, uv: false } };
      expect(await assert({ verification, tampering })).toEqual(FAILED);
    },
  );

  it("Resp-3 P-1: a counter that is always 0 is fine", async () => {
    const { username, device } = await world.registered();
    for (const _time of [1, 2]) expect(await world.assert(username, device)).toEqual(OK);
  });

  it("Resp-3 F-4: a counter that does not rise is refused", async () => {
    const { username, device } = await world.registered({ counter: 5 });
    expect(await world.assert(username, device)).toEqual(OK);
    for (const counter of [6, 5, 0]) {
      expect(await world.assert(username, device, { tampering: { counter } })).toEqual(FAILED);
    }
    expect(await world.assert(username, device, { tampering: { counter: 7 } })).toEqual(OK);
  });

  it("is good once, and for its own user alone", async () => {
    const one = await world.registered();
    let sent: unknown;
    const change = (body: unknown) => (sent = body);
    expect(await world.assert(one.username, one.device, { change })).toEqual(OK);
    expect(await world.post("/assertion/result", sent)).toEqual(FAILED);
    const other = await world.registered();
    expect(await world.assert(other.username, one.device)).toEqual(FAILED);
  });
});
