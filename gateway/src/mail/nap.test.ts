import { expect, test } from "vitest";
import { createNap } from "./nap.ts";

test("ends when its time is up", async () => {
  await createNap(1).sleep();
});

test("is cut short by a call, during it or before it, once", async () => {
  const nap = createNap(3_600_000);
  const asleep = nap.sleep();
  nap.wake();
  await asleep;
  nap.wake();
  await nap.sleep();
  const third = nap.sleep();
  const ended = await Promise.race([third.then(() => "ended"), Promise.resolve("asleep")]);
  expect(ended).toBe("asleep");
  nap.wake();
  await third;
});
