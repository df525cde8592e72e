import type { SignupStart } from "@passbridge/client";
import type { Flow, InputNode, Verification } from "../kratos/flow.ts";
import { webAuthnSupport } from "../passkeys/webauthn-support.ts";
import { type TraitValues, traitNodes, traitValue } from "./trait-fields.ts";

const EMAIL = "traits.email";
const NAME = "traits.name";
const CARRIED: readonly string[] = [EMAIL, NAME];

/** The fields of a sign-up by passkey, which carries an address and a name. */
export function passkeyNodes(flow: Flow): InputNode[] {
  return traitNodes(flow).filter((node) => CARRIED.includes(node.attributes.name));
}

/** Whether an account can be made by passkey here: the browser can, and the schema needs no more than is carried. */
export function canUsePasskey(flow: Flow): boolean {
  const nodes = traitNodes(flow);
  const required = nodes.filter((node) => node.attributes.required).map((node) => node.attributes.name);
  const hasEmail = nodes.some((node) => node.attributes.name === EMAIL);
  return webAuthnSupport() === "yes" && hasEmail && required.every((name) => CARRIED.includes(name));
}

/** What the gateway is told of the person. */
export function personOf(nodes: readonly InputNode[], values: TraitValues): SignupStart {
  const text = (name: string) => {
    const node = nodes.find(({ attributes }) => attributes.name === name);
    return node ? String(traitValue(node, values)).trim() : "";
  };
  const name = text(NAME);
  return { email: text(EMAIL), ...(name === "" ? {} : { name }) };
}

/** The verification flow that the gateway's answer leads to; null where no mail was sent. */
export function verificationAt(page: string | null, address: string): Verification | null {
  const id = page === null ? null : new URL(page, window.location.origin).searchParams.get("flow");
  return id === null ? null : { id, address };
}
