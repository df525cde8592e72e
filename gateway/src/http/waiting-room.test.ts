import { expect, test } from "vitest";
import { createWaitingRoom } from "./waiting-room.ts";

const stays = new AbortController().signal;

test("refuses those for whom there is no place, of one key or of all, and has it again when one leaves", async () => {
  const room = createWaitingRoom({ places: 3, placesPerKey: 2 });
  const leaving = new AbortController();
  const waiting = ["ann", "ann", "bob"].map((key) => room.wait(key, 60_000, leaving.signal));
  await expect(room.wait("ann", 1_500, stays)).rejects.toMatchObject({ code: "rate_limited" });
  await expect(room.wait("eve", 1, stays)).rejects.toMatchObject({ code: "rate_limited" });
  leaving.abort();
  const ended = await Promise.allSettled(waiting);
  expect(ended.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  await expect(room.wait("ann", 1, stays)).resolves.toBeUndefined();
});

test("a key's own places are bounded although there is room", async () => {
  const room = createWaitingRoom({ places: 9, placesPerKey: 1 });
  const leaving = new AbortController();
  const first = room.wait("ann", 60_000, leaving.signal);
  await expect(room.wait("ann", 1, stays)).rejects.toMatchObject({ code: "rate_limited" });
  await expect(room.wait("bob", 1, stays)).resolves.toBeUndefined();
  leaving.abort();
  await expect(first).rejects.toThrow();
});
