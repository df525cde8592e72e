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
