import { randomBytes } from "node:crypto";
import type { TestBrowser } from "../support/browser.ts";
import type { SoftwareAuthenticator } from "../support/software-authenticator.ts";
import type { EventStream } from "./event-stream.ts";
import type { OpenSocket } from "./open-connections.ts";
import { DEVICES } from "./plan.ts";

export const SESSION_COOKIES = ["passbridge_session", "ory_kratos_session"] as const;

/** A browser, and what is known of it: `unsure` where an answer that would tell did not come. */
export type Device = {
  readonly browser: TestBrowser;
  state: "in" | "out" | "unsure";
  /** When it was last told that it is signed in (performance.now()). */
  signedInAt: number;
  streams: EventStream[];
  sockets: OpenSocket[];
};

export type HeldPasskey = {
  readonly authenticator: SoftwareAuthenticator;
  /** `maybe`: its creation or removal was not acknowledged. */
  state: "there" | "maybe" | "gone";
  /** When that became unclear (performance.now()): it may still be done. */
  unclearAt: number;
};

/** Somebody, by what was acknowledged to them. */
export type SoakPerson = {
  readonly email: string;
  readonly password: string;
  /** Whether there is an account. */
  account: "none" | "maybe" | "there";
  id: string | null;
  readonly devices: readonly Device[];
  readonly passkeys: HeldPasskey[];
  /** Codes that are good; codes that must not be, any more. */
  codes: string[];
  readonly spentCodes: string[];
  /** Codes of which nothing is known: they may work once. */
  unsureCodes: string[];
  /** How many notices their doings may have caused. */
  notices: number;
  /** What they did lately, and what it came to. */
  readonly lately: string[];
};

export const createDevice = (browser: TestBrowser): Device => ({
  browser,
  state: "out",
  signedInAt: 0,
  streams: [],
  sockets: [],
});

/** @param kind the first part of the address. */
export function createSoakPerson(
  seed: number,
  number: number,
  newDevice: () => Device,
  kind: "person" | "guest",
): SoakPerson {
  return {
    email: `${kind}-${seed}-${number}@example.com`,
    password: randomBytes(12).toString("base64url"),
    account: "none",
    id: null,
    devices: Array.from({ length: DEVICES }, newDevice),
    passkeys: [],
    codes: [],
    spentCodes: [],
    unsureCodes: [],
    notices: 0,
    lately: [],
  };
}

export const heldCookies = ({ browser }: Device): [string, string][] =>
  SESSION_COOKIES.flatMap((name) => {
    const value = browser.cookies.get(name);
    return value === undefined ? [] : [[name, value] satisfies [string, string]];
  });

/** The device was told that it is signed in. */
export function nowIn(device: Device): void {
  device.state = "in";
  device.signedInAt = performance.now();
}

/** Lets go of what was opened with sessions of which nobody can say any more what they are. */
export function closeOpen(device: Device): void {
  for (const open of [...device.streams.splice(0), ...device.sockets.splice(0)]) open.close();
}

/** Whatever the device holds is not to be relied on. */
export function nowUnsure(device: Device): void {
  device.state = heldCookies(device).length > 0 ? "unsure" : "out";
  if (device.state === "out") closeOpen(device);
}

const REMEMBERED = 20;

/** For the report of what does not hold. */
export function remember({ devices, lately }: SoakPerson, device: Device, action: string, outcome: string): void {
  lately.push(`${new Date().toISOString()} ${action} at device ${devices.indexOf(device)}: ${outcome}`);
  if (lately.length > REMEMBERED) lately.shift();
}
