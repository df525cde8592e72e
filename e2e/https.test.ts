import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { nssDatabase, trustInNss } from "../scripts/tls/nss-trust.ts";
import { leaveAutofillAlone } from "./support/authenticator.ts";
import { providePeople } from "./support/people.ts";
import { atDashboard, enterPassword, join, signInByButton, signOut } from "./support/steps.ts";
import { startWorld, type World } from "./support/world.ts";

let world: World;
let home: string;
beforeAll(async () => {
  world = await startWorld({ name: "https", built: inject("built"), https: true });
  home = mkdtempSync(joinPath(tmpdir(), "passbridge-home-"));
  if (world.caFile === null) throw new Error("https has a CA of its own");
  await trustInNss(world.caFile, nssDatabase(home));
});
afterAll(async () => {
  await world.stop();
  rmSync(home, { recursive: true, force: true });
});

const people = providePeople(
  () => world.origin,
  () => home,
);

test("the whole way over https, in a browser that trusts the local CA", async () => {
  const ann = await people.arrive();
  await join(ann, world.stack.mail, true);
  await leaveAutofillAlone(ann.page);
  await signOut(ann);
  await signInByButton(ann);
  await atDashboard(ann);
  await ann.page.getByText("a passkey", { exact: true }).waitFor();
  await ann.page.getByText("✓ Verified").waitFor();
  await ann.page.getByText(`Connected as ${ann.email}`).waitFor();
  const cookies = await ann.context.cookies();
  const session = cookies.find(({ name }) => name === "__Host-passbridge_session");
  expect(session).toMatchObject({ secure: true, httpOnly: true, sameSite: "Lax", path: "/", domain: "localhost" });
  expect(cookies.filter(({ secure }) => !secure)).toEqual([]);
  await signOut(ann);
  await enterPassword(ann);
  await atDashboard(ann);
  const kratos = (await ann.context.cookies()).find(({ name }) => name === "ory_kratos_session");
  expect(kratos).toMatchObject({ secure: true, httpOnly: true, sameSite: "Lax", path: "/" });
});
