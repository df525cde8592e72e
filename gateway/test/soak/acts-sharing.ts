import { setTimeout as delay } from "node:timers/promises";
import { submit } from "../support/people.ts";
import { type Act, chosen, type Do } from "./acts.ts";
import { lookAsOwn } from "./acts-looking.ts";
import { answerChallenge } from "./acts-signing.ts";
import { type Device, type HeldPasskey, heldCookies, type SoakPerson } from "./soak-person.ts";

const LOOKS = 4;
const MOST_SECONDS = 4;

type Entry = { readonly person: SoakPerson; readonly enter: (device: Device) => Promise<Response> };

const byPassword = (person: SoakPerson): Entry => ({
  person,
  enter: ({ browser }) =>
    submit(browser, "login", { method: "password", identifier: person.email, password: person.password }),
});

const byPasskey = (person: SoakPerson, held: HeldPasskey): Entry => ({
  person,
  enter: ({ browser }) => answerChallenge(browser, held),
});

/** Two people, each signing in by another way, in either order. */
function entriesOf({ deps, person, choice }: Act): readonly [Entry, Entry] | null {
  const others = deps.people.filter((other) => other !== person && other.account === "there");
  const other = chosen(others, choice);
  const held = other?.passkeys.find(({ state }) => state === "there");
  if (!other || !held) return null;
  const entries = [byPassword(person), byPasskey(other, held)] as const;
  return choice < 0.5 ? entries : [entries[1], entries[0]];
}

/**
 * At a browser that both use, somebody signs in where somebody else is signed in. From then on it is the later one's,
 * whatever is away.
 */
const shareBrowser: Do = async (act) => {
  const { deps, choice } = act;
  const entries = entriesOf(act);
  if (!entries) return "has nobody to share with";
  const device = deps.newDevice();
  const [earlier, later] = entries;
  const first = await earlier.enter(device);
  if (first.status !== 200) return `${first.status} of the earlier one`;
  const second = await later.enter(device);
  if (second.status !== 200) return `${second.status} of the later one`;
  for (let look = 0; look < LOOKS; look += 1) {
    await lookAsOwn({ ...act, person: later.person, device }, look);
    await delay((choice * MOST_SECONDS * 1_000) / LOOKS);
  }
  const cookies = heldCookies(device);
  const end = await device.browser.post("/api/auth/logout");
  if (end.status === 204) deps.graveyard.buryCookies(later.person.email, cookies);
  return "handed on";
};

/** What two people do. */
export const SHARING = { shareBrowser };
