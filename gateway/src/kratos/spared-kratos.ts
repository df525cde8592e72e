import type { Logger } from "pino";
import { type CircuitOptions, createCircuit } from "../circuit.ts";
import { OutageError } from "../errors.ts";
import { type KratosClient, NOBODY } from "./kratos-client.ts";
import { wasUnanswered } from "./ory-call.ts";

/** A Kratos that is left alone while it does not answer. */
export type SparedKratos = KratosClient & { readonly close: () => void };

/** An error Kratos answered with is no silence: somebody's broken account must not shut everybody out. */
const isSilence = (error: unknown) => error instanceof OutageError && wasUnanswered(error.cause);

/**
 * The same port behind a circuit for each of Kratos' two APIs: after a few questions in a row without an answer every
 * further one is an outage at once, until Kratos answers a question of the circuit's own.
 * @param options times of the circuits, for tests.
 */
export function createSparedKratos(
  kratos: KratosClient,
  log: Pick<Logger, "warn">,
  options: Pick<CircuitOptions, "pause"> = {},
): SparedKratos {
  const circuitOf = (api: string, probe: () => Promise<unknown>) => {
    const onChange = (state: string) => log.warn({ dependency: "kratos", api, circuit: state }, "circuit");
    const circuit = createCircuit({ probe, isSilence, onChange, ...options });
    const spare =
      <Question extends unknown[], Answer>(ask: (...question: Question) => Promise<Answer>) =>
      (...question: Question) =>
        circuit.run(() => ask(...question));
    return { spare, close: circuit.close };
  };
  const sessions = circuitOf("public", kratos.ready);
  const admin = circuitOf("admin", () => kratos.findIdentity(NOBODY));
  const whoami = sessions.spare(async (cookie: string) => {
    const answer = await kratos.whoami(cookie);
    if (answer.kind === "unavailable") throw answer.cause;
    return answer;
  });
  return {
    whoami: (cookie) => whoami(cookie).catch((cause: unknown) => ({ kind: "unavailable", cause })),
    sendVerification: sessions.spare(kratos.sendVerification),
    findIdentity: admin.spare(kratos.findIdentity),
    findIdentityByEmail: admin.spare(kratos.findIdentityByEmail),
    endSession: admin.spare(kratos.endSession),
    sessionsOf: admin.spare(kratos.sessionsOf),
    endOtherSessionsOf: admin.spare(kratos.endOtherSessionsOf),
    createRecoveryCode: admin.spare(kratos.createRecoveryCode),
    createIdentity: admin.spare(kratos.createIdentity),
    deleteIdentity: admin.spare(kratos.deleteIdentity),
    removePassword: admin.spare(kratos.removePassword),
    // Not spared: it tells how Kratos is.
    ready: kratos.ready,
    close: () => {
      sessions.close();
      admin.close();
    },
  };
}
