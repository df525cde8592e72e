import type { AuthenticatedSession, LoginCeremony } from "@passbridge/client";
import type { AuthenticationResponseJSON } from "@simplewebauthn/browser";
import { type Problem, toProblem } from "../problems/problem.ts";

const SECOND = 1_000;
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
  resume(): void;
  /** Stops until resumed, as before another ceremony: a browser runs one at a time. */
  pause(): void;
  /** Renews the challenge where it may be old; call it when the tab becomes visible. */
  refresh(): void;
};

class ConditionalSignIn implements Autofill {
  readonly #ports: AutofillPorts;
  /** Counts the runs: whatever an earlier one still brings is too late. */
  #run = 0;
  #running = false;
  #startedAt = 0;
  #failures = 0;
  #timer: number | undefined;

  constructor(ports: AutofillPorts) {
    this.#ports = ports;
  }

  resume(): void {
    if (this.#running) return;
    this.#run += 1;
    this.#running = true;
    this.#startedAt = this.#ports.now();
    void this.#offer(this.#run);
  }

  pause(): void {
    this.#run += 1;
    this.#running = false;
    window.clearTimeout(this.#timer);
    this.#ports.abort();
  }

  refresh(): void {
    if (this.#running && this.#ports.now() - this.#startedAt > STALE_AFTER) this.#renew();
  }

  #renew(): void {
    this.pause();
    this.resume();
  }

  #renewAfter(wait: number): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#renew(), wait);
  }

  async #offer(run: number): Promise<void> {
    try {
      const ceremony = await this.#ports.start();
      if (run !== this.#run) return;
      this.#renewAfter((ceremony.options.timeout ?? DEFAULT_LIFE) * RENEW_AT);
      const credential = await this.#ports.ask(ceremony);
      if (run === this.#run) await this.#signIn(run, ceremony, credential);
    } catch (error) {
      if (run === this.#run) this.#failed(toProblem(error));
    }
  }

  async #signIn(run: number, ceremony: LoginCeremony, credential: AuthenticationResponseJSON): Promise<void> {
    window.clearTimeout(this.#timer);
    this.#ports.onPicked();
    try {
      this.#ports.onSession(await this.#ports.finish(ceremony, credential));
    } catch (error) {
      if (run !== this.#run) return;
      const problem = toProblem(error);
      this.#ports.onRefused(problem);
      this.#renewAfter((problem.retryAfter ?? 0) * SECOND);
    }
  }

  #failed(problem: Problem): void {
    const pause = Math.min(FIRST_PAUSE * 2 ** this.#failures, LONGEST_PAUSE);
    this.#failures += 1;
    this.#renewAfter(Math.max(pause, (problem.retryAfter ?? 0) * SECOND));
  }
}

/** Offers passkeys in the e-mail field's autofill (conditional mediation) for as long as the page is open. */
export function createAutofill(ports: AutofillPorts): Autofill {
  return new ConditionalSignIn(ports);
}
