import type { PublicKeyCredentialCreationOptionsJSON } from "@simplewebauthn/server";
import type { Started } from "../support/passkey-steps.ts";
import { createSoftwareAuthenticator } from "../support/software-authenticator.ts";
import { type Act, change, chosen, type Do, refused, type SoakDeps } from "./acts.ts";
import type { HeldPasskey, SoakPerson } from "./soak-person.ts";

const MOST_PASSKEYS = 6;

/** Holds what is there against what was acknowledged, and learns what was unclear. */
export function compare(
  { ledger, calm }: Pick<SoakDeps, "ledger" | "calm">,
  person: SoakPerson,
  ids: readonly string[],
): void {
  const since = calm.since();
  const { email, passkeys } = person;
  const idOf = ({ authenticator }: HeldPasskey) => authenticator.credentialId;
  for (const held of passkeys) {
    const count = ids.filter((id) => id === idOf(held)).length;
    if (held.state === "there")
      ledger.check("credentialKept", count === 1, () => `${email}: ${idOf(held)} ${count} times`);
    if (held.state === "gone") ledger.check("credentialGone", count === 0, () => `${email}: ${idOf(held)} is back`);
    if (held.state === "maybe")
      ledger.check("credentialKept", count <= 1, () => `${email}: ${idOf(held)} ${count} times`);
    // What was under way when it became unclear is done, or never will be.
    const isClear = held.state === "maybe" && since !== null && since > held.unclearAt;
    if (isClear) held.state = count === 1 ? "there" : "gone";
  }
  const known = new Set(passkeys.map(idOf));
  for (const id of ids) ledger.check("credentialKnown", known.has(id), () => `${email}: ${id}`);
}

const listPasskeys: Do = async (act) => {
  const answer = await act.device.browser.fetch("/api/passkeys");
  if (answer.status !== 200) return refused(act, answer);
  const { passkeys } = (await answer.json()) as { passkeys: { id: string }[] };
  compare(
    act.deps,
    act.person,
    passkeys.map(({ id }) => id),
  );
  return "listed";
};

/** A passkey that the person can do something to; none where they are not signed in. */
const pickPasskey = ({ person, choice }: Act) =>
  chosen(
    person.passkeys.filter(({ state }) => state !== "gone"),
    choice,
  );

const removePasskey: Do = async (act) => {
  const { deps, person, device } = act;
  const held = pickPasskey(act);
  if (!held) return "has no passkey";
  const { credentialId } = held.authenticator;
  const before = held.state;
  const answer = await change(
    () => device.browser.fetch(`/api/passkeys/${credentialId}`, { method: "DELETE" }),
    () => {
      held.state = "maybe";
      held.unclearAt = performance.now();
      person.notices += 1;
    },
  );
  if (answer.status === 204) person.notices += 1;
  if (answer.status === 404) {
    deps.ledger.check("credentialKept", before !== "there", () => `${person.email}: ${credentialId} is not found`);
  }
  if (answer.status !== 204 && answer.status !== 404) return refused(act, answer);
  held.state = "gone";
  return String(answer.status);
};

const addPasskey: Do = async (act) => {
  const { person, device } = act;
  const { browser } = device;
  if (person.passkeys.filter(({ state }) => state !== "gone").length >= MOST_PASSKEYS) return removePasskey(act);
  const start = await browser.post("/api/passkeys/register/start");
  if (start.status !== 200) return refused(act, start);
  const { ceremony_id, options } = (await start.json()) as Started<PublicKeyCredentialCreationOptionsJSON>;
  const authenticator = createSoftwareAuthenticator({ origin: browser.origin });
  const credential = authenticator.register(options);
  const held: HeldPasskey = { authenticator, state: "maybe", unclearAt: 0 };
  const unclear = () => {
    held.unclearAt = performance.now();
    person.passkeys.push(held);
    person.notices += 1;
  };
  const answer = await change(
    () => browser.post("/api/passkeys/register/finish", { ceremony_id, credential }),
    unclear,
  );
  if (answer.status !== 201) return refused(act, answer);
  unclear();
  held.state = "there";
  return "added";
};

const renamePasskey: Do = async (act) => {
  const held = pickPasskey(act);
  if (!held) return "has no passkey";
  const { credentialId } = held.authenticator;
  const name = `Passkey ${act.choice}`;
  const answer = await act.device.browser.fetch(`/api/passkeys/${credentialId}`, { method: "PATCH", json: { name } });
  if (answer.status === 404) {
    const { ledger } = act.deps;
    ledger.check("credentialKept", held.state !== "there", () => `${act.person.email}: ${credentialId} is not found`);
  }
  return refused(act, answer);
};

/** What changes the passkeys, or looks at them. */
export const CREDENTIALS = { addPasskey, listPasskeys, renamePasskey, removePasskey };
