import { expect, test } from "vitest";
import { clusterSlot } from "./cluster-slot.ts";

// The first is the specification's own (Redis Cluster specification, appendix A): CRC-16 0x31C3.
test.each([
  ["123456789", 0x31c3],
  ["foo", 12_182],
  ["", 0],
])("the slot of %j", (key, slot) => {
  expect(clusterSlot(key)).toBe(slot);
});

// Redis Cluster specification, "Hash tags".
test.each([
  ["{user1000}.following", "user1000"],
  ["foo{{bar}}zap", "{bar"],
  ["foo{bar}{zap}", "bar"],
])("%s has the slot of %s", (key, tag) => {
  expect(clusterSlot(key)).toBe(clusterSlot(tag));
});

// As a server's CLUSTER KEYSLOT says.
test.each([
  ["foo{}{bar}", 8_363],
  ["foo{bar", 15_278],
  ["fo}o{bar", 3_285],
])("%s is taken whole", (key, slot) => {
  expect(clusterSlot(key)).toBe(slot);
});
