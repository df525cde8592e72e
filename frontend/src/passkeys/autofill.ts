import type { AuthenticatedSession, LoginCeremony } from "@passbridge/client";
import type { AuthenticationResponseJSON } from "@simplewebauthn/browser";
import { type Problem, toProblem } from "../problems/problem.ts";

const DEFAULT_LIFE = 300_000;
/** The challenge is renewed after this share of its life, so that none runs out while somebody picks a passkey. */
const RENEW_AT = 0.8;
/** After being hidden the timers may be late; a challenge older than this is renewed then. */
const STALE_AFTER = 60_000;
const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 300_000;

export type AutofillPorts = {
  readonly start: () => Promise<LoginCeremony>;
  /** Waits until the person picks a passkey in the field's autofill; rejects when aborted. */
  readonly ask: (ceremony: LoginCeremony) => Promise<AuthenticationResponseJSON>;
  readonly abort: () => void;
  readonly finish: (ceremony: LoginCeremony, credential: AuthenticationResponseJSON) => Promise<AuthenticatedSession>;
  /** A passkey was picked; the gateway is being asked. */
  readonly onPicked: () => void;
  readonly onSession: (session: AuthenticatedSession) => void;
  /** The picked passkey did not sign in. What fails before anything was picked is nobody's concern. */
  readonly onRefused: (problem: Problem) => void;
  readonly now: () => number;
};

export type Autofill = {
  /** Starts, or starts again after a pause. */
  readonly resume: () => void;
  /** Stops until resumed, as before another ceremony: a browser runs one at a time. */
  readonly pause: () => void;
  /** Renews the challenge where it may be old; call it when the tab becomes visible. */
  readonly refresh: () => void;
};

/** Offers passkeys in the e-mail field's autofill (conditional mediation) for as long as the page is open. */
export function createAutofill(ports: AutofillPorts): Autofill {
  let generation = 0;
  let running = false;
  let startedAt = 0;
  let failures = 0;
  let timer: number | undefined;

  const later = (wait: number) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(restart, wait);
  };

  async function pick(own: number, ceremony: LoginCeremony): Promise<AuthenticationResponseJSON | null> {
    later((ceremony.options.timeout ?? DEFAULT_LIFE) * RENEW_AT);
    const credential = await ports.ask(ceremony);
    return own === generation ? credential : null;
  }

  async function offer(own: number): Promise<void> {
    let picked = false;
    try {
      const ceremony = await ports.start();
      if (own !== generation) return;
      const credential = await pick(own, ceremony);
      if (credential === null) return;
      picked = true;
      window.clearTimeout(timer);
      ports.onPicked();
      const session = await ports.finish(ceremony, credential);
      ports.onSession(session);
    } catch (error) {
      if (own === generation) failed(toProblem(error), picked);
    }
  }

  function failed(problem: Problem, picked: boolean): void {
    if (picked) ports.onRefused(problem);
    failures += 1;
    const pause = Math.min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE);
    later(Math.max(picked ? 0 : pause, (problem.retryAfter ?? 0) * 1_000));
  }

  function begin(): void {
    generation += 1;
    running = true;
    startedAt = ports.now();
    void offer(generation);
  }

  function restart(): void {
    stop();
    begin();
  }

  function stop(): void {
    generation += 1;
    running = false;
    window.clearTimeout(timer);
    ports.abort();
  }

  return {
    resume: () => {
      if (!running) begin();
    },
    pause: stop,
    refresh: () => {
      if (running && ports.now() - startedAt > STALE_AFTER) restart();
    },
  };
}
