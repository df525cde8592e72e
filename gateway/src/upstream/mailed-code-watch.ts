import type { Logger } from "pino";
import { z } from "zod";
import type { AddressProofs, Verdict } from "../accounts/address-proof.ts";
import type { CachedWhoami } from "../kratos/cached-whoami.ts";
import type { KratosProxyDeps } from "./kratos-proxy.ts";
import type { WholeAnswer } from "./whole-answer.ts";

/** The members of a flow's answer that tell of a mailed code, or of one that was accepted. */
const flowAnswer = z.object({
  state: z.string().optional().catch(undefined),
  session_token: z.string().optional().catch(undefined),
  continue_with: z.array(z.unknown()).nullish().catch(null),
});

const verificationMailed = z.object({
  action: z.literal("show_verification_ui"),
  flow: z.object({ id: z.string().min(1), verifiable_address: z.string().min(1) }),
});

/** Kratos' "go on elsewhere", which a page's recovery ends with. */
const LOCATION_CHANGE = 422;

function isAccepted({ message, json }: WholeAnswer, cookie: string): boolean {
  const { state, session_token } = flowAnswer.safeParse(json).data ?? {};
  const goesOn = message.status === LOCATION_CHANGE;
  return cookie !== "" || goesOn || state === "passed_challenge" || session_token !== undefined;
}

function mailedIn({ json }: WholeAnswer) {
  const steps = flowAnswer.safeParse(json).data?.continue_with ?? [];
  return steps.flatMap((step) => verificationMailed.safeParse(step).data?.flow ?? []);
}

/**
 * Watches the codes that Kratos mails and takes: which flow mailed to whom, and what an accepted code proves.
 * Its function rejects with Problem or OutageError before Kratos is asked, its answer's with OutageError after.
 */
export function createMailedCodeWatch(
  proofs: Pick<AddressProofs, "mailed" | "begin">,
  whoami: CachedWhoami,
  log: Pick<Logger, "warn">,
): KratosProxyDeps["onSubmission"] {
  const verdictOf = async (answer: WholeAnswer, cookie: string): Promise<Verdict> => {
    const session = cookie === "" ? null : await whoami.whoami(cookie);
    if (session?.kind === "unavailable") throw session.cause;
    return {
      accepted: isAccepted(answer, cookie),
      sessionId: session?.kind === "session" ? session.session.id : undefined,
    };
  };
  const remember = ({ id, verifiable_address }: { id: string; verifiable_address: string }) =>
    proofs.mailed(id, verifiable_address).catch((error: unknown) => {
      log.warn({ err: error }, "a mailed code is not known to the gateway and will be refused; a new one works");
    });

  return async ({ kind, flowId, email, code }, request) => {
    if (flowId && email) await proofs.mailed(flowId, email);
    const knownFlowsOnly = kind === "verification";
    const pending = flowId && code ? await proofs.begin({ flowId, knownFlowsOnly, request }) : null;
    return async (answer, cookie) => {
      await Promise.all(mailedIn(answer).map(remember));
      await pending?.conclude(await verdictOf(answer, cookie));
    };
  };
}
