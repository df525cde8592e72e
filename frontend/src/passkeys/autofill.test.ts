import type { AuthenticatedSession, LoginCeremony } from "@passbridge/client";
import type { AuthenticationResponseJSON } from "@simplewebauthn/browser";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ProblemError } from "../problems/problem.ts";
import { type AutofillPorts, createAutofill } from "./autofill.ts";

const CREDENTIAL = { id: "c" } as AuthenticationResponseJSON;
const SESSION = { authenticated: true } as AuthenticatedSession;
const CEREMONY: LoginCeremony = { ceremony_id: "1", options: { challenge: "AA", timeout: 300_000 } };
const aborted = () => Object.assign(new Error("aborted"), { name: "AbortError" });

/** Ports that record the calls; `pick` picks a passkey in the ceremony that is open. */
function createPorts() {
  let open = Promise.withResolvers<AuthenticationResponseJSON>();
  const ports = {
    start: vi.fn<AutofillPorts["start"]>(async () => CEREMONY),
    ask: vi.fn<AutofillPorts["ask"]>(() => {
      open = Promise.withResolvers();
      return open.promise;
    }),
    abort: vi.fn(() => open.reject(aborted())),
    finish: vi.fn<AutofillPorts["finish"]>(async () => SESSION),
    onPicked: vi.fn(),
    onSession: vi.fn(),
    onRefused: vi.fn(),
    now: () => Date.now(),
  };
  open.promise.catch(() => undefined);
  return { ports, pick: () => open.resolve(CREDENTIAL), fail: (error: Error) => open.reject(error) };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.stubGlobal("window", globalThis);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("autofill", () => {
  test("signs in with the passkey that was picked", async () => {
    const { ports, pick } = createPorts();
    createAutofill(ports).resume();
    await settle();
    pick();
    await settle();
    expect(ports.finish).toHaveBeenCalledWith(CEREMONY, CREDENTIAL);
    expect(ports.onPicked).toHaveBeenCalledOnce();
    expect(ports.onSession).toHaveBeenCalledWith(SESSION);
  });

  test("renews its challenge before it runs out", async () => {
    const { ports } = createPorts();
    createAutofill(ports).resume();
    await vi.advanceTimersByTimeAsync(239_000);
    expect(ports.start).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(ports.start).toHaveBeenCalledTimes(2);
    expect(ports.ask).toHaveBeenCalledTimes(2);
    expect(ports.onRefused).not.toHaveBeenCalled();
  });

  test("a tab that comes back gets a new challenge, unless it was away for a moment", async () => {
    const { ports } = createPorts();
    const autofill = createAutofill(ports);
    autofill.resume();
    await vi.advanceTimersByTimeAsync(10_000);
    autofill.refresh();
    await settle();
    expect(ports.start).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(60_000);
    autofill.refresh();
    await settle();
    expect(ports.start).toHaveBeenCalledTimes(2);
  });

  test("paused while it is still starting, it never asks", async () => {
    const { ports } = createPorts();
    const autofill = createAutofill(ports);
    autofill.resume();
    autofill.pause();
    await settle();
    expect(ports.ask).not.toHaveBeenCalled();
    autofill.resume();
    await settle();
    expect(ports.ask).toHaveBeenCalledOnce();
  });

  test("paused, it stays silent for ever", async () => {
    const { ports } = createPorts();
    const autofill = createAutofill(ports);
    autofill.resume();
    await settle();
    autofill.pause();
    await vi.advanceTimersByTimeAsync(3_600_000);
    autofill.refresh();
    await settle();
    expect(ports.start).toHaveBeenCalledTimes(1);
    expect(ports.onRefused).not.toHaveBeenCalled();
  });

  test("a refused passkey is told and the field offers passkeys again", async () => {
    const { ports, pick } = createPorts();
    ports.finish.mockRejectedValueOnce(new ProblemError({ code: "credential_unknown" }));
    createAutofill(ports).resume();
    await settle();
    pick();
    await vi.advanceTimersByTimeAsync(10);
    expect(ports.onRefused).toHaveBeenCalledWith({ code: "credential_unknown" });
    expect(ports.start).toHaveBeenCalledTimes(2);
  });

  test("what fails before anything is picked is retried in silence, less and less often", async () => {
    const { ports } = createPorts();
    ports.start.mockRejectedValue(new ProblemError({ code: "dependency_unavailable" }));
    createAutofill(ports).resume();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ports.start.mock.calls.length).toBeGreaterThan(3);
    expect(ports.start.mock.calls.length).toBeLessThan(8);
    expect(ports.onRefused).not.toHaveBeenCalled();
  });

  test("a browser that gives up at once is not asked in a loop", async () => {
    const { ports } = createPorts();
    ports.ask.mockRejectedValue(Object.assign(new Error("no"), { name: "NotAllowedError" }));
    createAutofill(ports).resume();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ports.ask.mock.calls.length).toBeLessThan(8);
  });

  test("Retry-After is kept to", async () => {
    const { ports } = createPorts();
    ports.start.mockRejectedValueOnce(new ProblemError({ code: "rate_limited", retryAfter: 40 }));
    createAutofill(ports).resume();
    await vi.advanceTimersByTimeAsync(39_000);
    expect(ports.start).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(ports.start).toHaveBeenCalledTimes(2);
  });
});
