import { randomUUID } from "node:crypto";
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from "@simplewebauthn/server";
import { isoCBOR } from "@simplewebauthn/server/helpers";
import { expect } from "vitest";
import { type CborData, encodeCbor } from "./authenticator-keys.ts";
import {
  type AuthenticatorSettings,
  createSoftwareAuthenticator,
  type SoftwareAuthenticator,
  type Tampering,
} from "./software-authenticator.ts";
import { createTestDatabase, type RunningGateway, startGateway } from "./start-gateway.ts";

export type ServerResponse = { readonly status: number; readonly body: Record<string, unknown> };

/** What a case of the tool's catalogue sends: a tampered ceremony, or a genuine one whose body is changed. */
export type Case<Response> = {
  readonly tampering?: Tampering;
  readonly change?: (body: Response) => unknown;
};
export type AttestationCase = Case<RegistrationResponseJSON> & { readonly key?: AuthenticatorSettings["key"] };
export type AssertionCase = Case<AuthenticationResponseJSON> & { readonly verification?: string };

export const OK = { status: 200, body: { status: "ok", errorMessage: "" } };
export const FAILED = {
  status: expect.toSatisfy((status: number) => status >= 400 && status < 500),
  body: { status: "failed", errorMessage: expect.stringMatching(/./) },
};

/** A gateway with the conformance API on, and the tool's part in software. */
export async function createConformanceWorld(env: Readonly<Record<string, string>> = {}) {
  const gateway: RunningGateway = await startGateway({
    env: { NODE_ENV: "development", FIDO_CONFORMANCE: "true", DATABASE_URL: await createTestDatabase(), ...env },
  });
  const post = async (path: string, body: unknown): Promise<ServerResponse> => {
    const response = await fetch(`${gateway.origin}/fido-conformance${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const authenticator = (settings: AuthenticatorSettings = {}) =>
    createSoftwareAuthenticator({ origin: gateway.origin, ...settings });

  async function attest(
    username: string,
    device: SoftwareAuthenticator,
    { tampering = {}, change = (body) => body }: AttestationCase = {},
    wish: object = {},
  ): Promise<ServerResponse> {
    const { body } = await post("/attestation/options", { username, displayName: "Somebody", ...wish });
    const options = body as unknown as PublicKeyCredentialCreationOptionsJSON;
    return post("/attestation/result", change(device.register(options, tampering)));
  }

  async function assert(
    username: string,
    device: SoftwareAuthenticator,
    { tampering = {}, change = (body) => body, verification }: AssertionCase = {},
  ): Promise<ServerResponse> {
    const { body } = await post("/assertion/options", { username, userVerification: verification });
    const options = body as unknown as PublicKeyCredentialRequestOptionsJSON;
    return post("/assertion/result", change(device.authenticate(options, tampering)));
  }

  /** A user whose authenticator is registered. */
  async function registered(settings: AuthenticatorSettings = {}) {
    const [username, device] = [randomUUID(), authenticator(settings)];
    expect(await attest(username, device)).toEqual(OK);
    return { username, device };
  }

  return { gateway, post, authenticator, attest, assert, registered, stop: gateway.stop };
}

export type ConformanceWorld = Awaited<ReturnType<typeof createConformanceWorld>>;

type Members = Record<string, unknown>;

/** The body with the member at a path (`response.signature`) set, or taken out when the value is undefined. */
export const member =
  (path: string, value: unknown) =>
  (body: object): unknown => {
    const copy = structuredClone(body) as Members;
    const names = path.split(".");
    const last = names.pop() ?? "";
    const holder = names.reduce((object, name) => object[name] as Members, copy);
    holder[last] = value;
    return copy;
  };

type CborMap = Map<string | number, CborData>;

/** The body with its attestation object decoded, changed and encoded again. */
export const attestationObject =
  (change: (map: CborMap) => void) =>
  (body: RegistrationResponseJSON): RegistrationResponseJSON => {
    const bytes = new Uint8Array(Buffer.from(body.response.attestationObject, "base64url"));
    const map = isoCBOR.decodeFirst<CborMap>(bytes);
    change(map);
    const changed = encodeCbor(map).toString("base64url");
    return { ...body, response: { ...body.response, attestationObject: changed } };
  };

/** The same for the attestation statement alone. */
export const attestationStatement = (change: (statement: CborMap) => void) =>
  attestationObject((map) => change(map.get("attStmt") as unknown as CborMap));

/** The members of client data both ceremonies' catalogues (Resp-2) change. */
export const CLIENT_DATA: Readonly<Record<string, Tampering>> = {
  "F-1 no type": { clientData: { type: undefined } },
  "F-2 a type that is no text": { clientData: { type: 7 } },
  "F-3 an empty type": { clientData: { type: "" } },
  "F-4 another type": { clientData: { type: "payment.get" } },
  "F-6 no challenge": { clientData: { challenge: undefined } },
  "F-7 a challenge that is no text": { clientData: { challenge: 7 } },
  "F-8 an empty challenge": { clientData: { challenge: "" } },
  "F-9 a challenge that is not base64url": { clientData: { challenge: "not base64url!" } },
  "F-10 a challenge nobody gave": { clientData: { challenge: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" } },
  "F-11 no origin": { clientData: { origin: undefined } },
  "F-12 an origin that is no text": { clientData: { origin: 7 } },
  "F-13 an empty origin": { clientData: { origin: "" } },
  "F-14 another origin": { clientData: { origin: "https://evil.example" } },
  "F-15 a token binding that is no object": { clientData: { tokenBinding: "present" } },
  "F-16 a token binding without a status": { clientData: { tokenBinding: { id: "x" } } },
  "F-17 a token binding with an unknown status": { clientData: { tokenBinding: { status: "junk" } } },
  "client data that are no JSON": { rawClientData: "{" },
  "client data that are a list": { rawClientData: "[]" },
};
