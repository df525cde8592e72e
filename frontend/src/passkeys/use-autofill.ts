import type { AuthenticatedSession } from "@passbridge/client";
import { startAuthentication, WebAuthnAbortService } from "@simplewebauthn/browser";
import { useEffect, useRef } from "react";
import { api } from "../api.ts";
import type { Problem } from "../problems/problem.ts";
import { type Autofill, createAutofill } from "./autofill.ts";
import { finishSignIn } from "./sign-in-ceremony.ts";
import { supportsAutofill } from "./webauthn-support.ts";

export type AutofillHandlers = {
  readonly onPicked: () => void;
  readonly onSession: (session: AuthenticatedSession) => void;
  readonly onRefused: (problem: Problem) => void;
};

/**
 * Runs the autofill ceremony while `active`, where the browser can.
 * @returns how to pause it for the button's ceremony, and go on afterwards.
 */
export function useAutofill(active: boolean, handlers: AutofillHandlers): Pick<Autofill, "pause" | "resume"> {
  const latest = useRef(handlers);
  latest.current = handlers;
  const autofill = useRef<Autofill | null>(null);

  useEffect(() => {
    if (!active) return;
    const current = createAutofill({
      start: () => api.startLogin(),
      ask: ({ options }) => startAuthentication({ optionsJSON: options, useBrowserAutofill: true }),
      abort: () => WebAuthnAbortService.cancelCeremony(),
      finish: finishSignIn,
      onPicked: () => latest.current.onPicked(),
      onSession: (session) => latest.current.onSession(session),
      onRefused: (problem) => latest.current.onRefused(problem),
      now: () => Date.now(),
    });
    let over = false;
    autofill.current = current;
    const visible = () => document.visibilityState === "visible" && current.refresh();
    document.addEventListener("visibilitychange", visible);
    void supportsAutofill().then((supported) => supported && !over && current.resume());
    return () => {
      over = true;
      document.removeEventListener("visibilitychange", visible);
      autofill.current = null;
      current.pause();
    };
  }, [active]);

  return { pause: () => autofill.current?.pause(), resume: () => autofill.current?.resume() };
}
