import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createDecoyCredentials } from "./decoy-credentials.ts";

const decoys = createDecoyCredentials(randomBytes(64));
const EMAILS = Array.from({ length: 1_000 }, (_, index) => `person-${index}@example.com`);
const bytesOf = (id: string) => Buffer.from(id, "base64url");

describe("the decoys of an address", () => {
  it("are the same every time, and with the same secret", () => {
    const secret = randomBytes(64);
    const [one, again] = [createDecoyCredentials(secret), createDecoyCredentials(secret)];
    for (const email of EMAILS.slice(0, 20)) {
      expect(again.listFor(email)).toEqual(one.listFor(email));
      expect(one.listFor(email)).toEqual(one.listFor(email));
      expect(again.identityIdFor(email)).toBe(one.identityIdFor(email));
    }
  });

  it("are another address' and another secret's no more", () => {
    const other = createDecoyCredentials(randomBytes(64));
    const ids = EMAILS.flatMap((email) => [...decoys.listFor(email), ...other.listFor(email)].map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(EMAILS.map(decoys.identityIdFor)).size).toBe(EMAILS.length);
  });

  it("are in number, length and transports what people have", () => {
    const lists = EMAILS.map(decoys.listFor);
    const counts = lists.map((list) => list.length);
    expect(Math.min(...counts)).toBe(1);
    expect(Math.max(...counts)).toBeGreaterThan(3);
    expect(Math.max(...counts)).toBeLessThanOrEqual(20);
    const shapes = lists.flat().map(({ id, transports }) => `${bytesOf(id).length} ${transports.join(" ")}`);
    expect([...new Set(shapes)].sort()).toEqual([
      "16 hybrid internal",
      "20 hybrid internal",
      "32 internal",
      "48 nfc usb",
      "64 nfc usb",
    ]);
    for (const { transports } of lists.flat()) expect(transports).toEqual(transports.toSorted());
  });

  it("look like random bytes", () => {
    const bytes = Buffer.concat(EMAILS.flatMap((email) => decoys.listFor(email).map(({ id }) => bytesOf(id))));
    const ones = bytes.reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);
    expect(ones / (8 * bytes.length)).toBeCloseTo(0.5, 1);
  });

  it("belong to an identity that could be one of Kratos'", () => {
    const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/;
    for (const email of EMAILS) expect(decoys.identityIdFor(email)).toMatch(uuid);
  });
});

describe("an id", () => {
  it("of a decoy is known for one", () => {
    for (const { id } of EMAILS.flatMap(decoys.listFor)) expect(decoys.owns(id)).toBe(true);
  });

  it.each([1, 7, 8, 9, 16, 20, 32, 64, 1_023])("of %i random bytes is not", (length) => {
    expect(decoys.owns(randomBytes(length).toString("base64url"))).toBe(false);
  });

  it("of a decoy with one bit changed, or of another gateway's, is not", () => {
    const id = decoys.listFor("a@example.com")[0]?.id ?? "";
    const changed = bytesOf(id);
    changed[0] = (changed[0] ?? 0) ^ 1;
    expect(decoys.owns(changed.toString("base64url"))).toBe(false);
    expect(createDecoyCredentials(randomBytes(64)).owns(id)).toBe(false);
  });
});
