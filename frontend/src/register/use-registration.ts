import { useState } from "react";
import { emailError } from "../components/email.ts";
import { announce } from "../components/live-region.tsx";
import { type Flow, type FlowResult, type InputNode, type Verification, verificationOf } from "../kratos/flow.ts";
import type { FlowValues } from "../kratos/kratos-api.ts";
import type { Submitted } from "../kratos/run-flow.ts";
import { leave } from "../navigation/leave.ts";
import { returnToOf } from "../navigation/return-to.ts";
import { signUpByPasskey } from "../passkeys/sign-up-by-passkey.ts";
import { type Problem, toProblem } from "../problems/problem.ts";
import { t } from "../t.ts";
import { passkeyNodes, personOf, verificationAt } from "./passkey-sign-up.ts";
import { type TraitValue, type TraitValues, traitNodes, traitsBody, traitValue } from "./trait-fields.ts";

type Faults = Readonly<Record<string, string>>;

function faultOf(node: InputNode, values: TraitValues): string | null {
  const value = traitValue(node, values);
  if (typeof value === "boolean") return null;
  if (value.trim() === "") return node.attributes.required ? t("field.required") : null;
  return node.attributes.type === "email" ? emailError(value) : null;
}

/** @param password null where none is asked for. */
function faultsOf(nodes: readonly InputNode[], values: TraitValues, password: string | null): Faults {
  const found = nodes.map((node) => [node.attributes.name, faultOf(node, values)] as const);
  const all = [...found, ["password", password === "" ? t("field.required") : null] as const];
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== null));
}

export type RegistrationPorts = {
  readonly submit: (values: FlowValues) => Promise<Submitted>;
  /** The account is there, and the verification flow where Kratos started one. */
  readonly onCreated: (verification: Verification | null, by: "password" | "passkey") => void;
};

/** What the sign-up form holds, and sending it: to Kratos' registration flow, or with a passkey to the gateway. */
export function useRegistration({ submit, onCreated }: RegistrationPorts) {
  const [values, setValues] = useState<TraitValues>({});
  const [password, setPassword] = useState("");
  const [faults, setFaults] = useState<Faults>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const [refusals, setRefusals] = useState(0);

  const refuse = (refused: Problem | null) => {
    setProblem(refused);
    setRefusals((count) => count + 1);
  };
  const created = (result: FlowResult) => onCreated(verificationOf(result), "password");
  const read = (answer: Submitted) => {
    if (answer.kind === "done") return created(answer.result);
    if (answer.kind === "signed_in") return created({});
    if (answer.kind === "redirect") return leave(returnToOf(answer.to) ?? "/");
    if (answer.kind === "flow") return refuse(null);
    return refuse(answer.kind === "failed" ? answer.problem : { code: "challenge_invalid" });
  };
  /** Whether the fields can be sent; what is wrong with them is shown. */
  const accepts = (nodes: readonly InputNode[], secret: string | null) => {
    const found = faultsOf(nodes, values, secret);
    setFaults(found);
    setProblem(null);
    const fine = Object.keys(found).length === 0;
    if (!fine) refuse(null);
    return fine;
  };
  const send = async (flow: Flow) => {
    const nodes = traitNodes(flow);
    if (!accepts(nodes, password)) return;
    read(await submit({ method: "password", password, traits: traitsBody(nodes, values) }));
  };
  const sendByPasskey = async (flow: Flow) => {
    const nodes = passkeyNodes(flow);
    if (!accepts(nodes, null)) return;
    const person = personOf(nodes, values);
    try {
      const { verifyPage } = await signUpByPasskey(person);
      announce(t("hero.done"));
      onCreated(verificationAt(verifyPage, person.email), "passkey");
    } catch (error) {
      refuse(toProblem(error));
    }
  };
  const change = (name: string, value: TraitValue) => setValues((before) => ({ ...before, [name]: value }));
  return { values, change, password, setPassword, faults, problem, setProblem, refusals, send, sendByPasskey };
}
