import fc from "fast-check";
import { expect, test } from "vitest";
import { type CborData, createKey, encodeCbor, type KeyKind } from "../../test/support/authenticator-keys.ts";
import { checkedAlgorithm } from "./credential-public-key.ts";

test.each([
  ["es256", -7],
  ["eddsa", -8],
  ["rs256", -257],
] as const)("%s is accepted as %i", (kind, algorithm) => {
  expect(checkedAlgorithm(createKey(kind).cose)).toBe(algorithm);
});

test.each<KeyKind>(["es384", "es256-p384", "es256-off-curve", "rs256-1024", "rs256-e3"])("%s is refused", (kind) => {
  const { cose } = createKey(kind);
  expect(() => checkedAlgorithm(cose)).toThrow();
});

const member = (entries: [number, CborData][]) => encodeCbor(new Map<string | number, CborData>(entries));

test.each([
  ["no map", encodeCbor([1, 2])],
  ["an empty map", encodeCbor(new Map())],
  [
    "an algorithm as text",
    member([
      [1, 2],
      [3, "-7"],
    ]),
  ],
  [
    "another key type",
    member([
      [1, 3],
      [3, -7],
      [-1, 1],
      [-2, new Uint8Array(32)],
      [-3, new Uint8Array(32)],
    ]),
  ],
  [
    "a compressed point",
    member([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, new Uint8Array(32)],
      [-3, true],
    ]),
  ],
  [
    "a short coordinate",
    member([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, new Uint8Array(31)],
      [-3, new Uint8Array(32)],
    ]),
  ],
  [
    "a short Ed25519 key",
    member([
      [1, 1],
      [3, -8],
      [-1, 6],
      [-2, new Uint8Array(31)],
    ]),
  ],
  [
    "an empty modulus",
    member([
      [1, 3],
      [3, -257],
      [-1, new Uint8Array(0)],
      [-2, new Uint8Array([1, 0, 1])],
    ]),
  ],
  ["bytes that are no CBOR", Buffer.from("ff", "hex")],
])("%s is refused", (_what, cose) => {
  expect(() => checkedAlgorithm(cose)).toThrow();
});

const ALLOWED = [-7, -8, -257];
const verdictOn = (cose: Uint8Array) => {
  try {
    return checkedAlgorithm(cose);
  } catch (error) {
    return error;
  }
};

test("bytes are no key", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(verdictOn(bytes)).toBeInstanceOf(Error);
    }),
  );
});

test("no map of whatever members is more than one of the three algorithms", () => {
  const value = fc.oneof(
    fc.integer({ min: -300, max: 300 }),
    fc.uint8Array({ maxLength: 33 }),
    fc.string(),
    fc.boolean(),
  );
  const labels = fc.constantFrom(1, 3, -1, -2, -3, 2);
  fc.assert(
    fc.property(fc.array(fc.tuple(labels, value)), (entries) => {
      const verdict = verdictOn(member(entries));
      expect(verdict instanceof Error || ALLOWED.includes(Number(verdict))).toBe(true);
    }),
  );
});

test.each(["es256", "eddsa", "rs256"] as const)(
  "a changed byte of a key %s makes it a key of a kind, or none",
  (kind) => {
    const { cose } = createKey(kind);
    fc.assert(
      fc.property(fc.nat(cose.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(cose);
        changed[at] = (changed[at] ?? 0) ^ change;
        const verdict = verdictOn(changed);
        expect(verdict instanceof Error || ALLOWED.includes(Number(verdict))).toBe(true);
      }),
    );
  },
);
