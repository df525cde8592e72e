import { randomBytes } from "node:crypto";
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from "@simplewebauthn/server";
import {
  type AuthenticatorKey,
  type CborData,
  createKey,
  encodeCbor,
  type KeyKind,
  sha256,
} from "./authenticator-keys.ts";
import type { AttestationKey } from "./authenticator-maker.ts";

export type Flags = { up?: boolean; uv?: boolean; be?: boolean; bs?: boolean; at?: boolean; ed?: boolean };

/** What a dishonest page or authenticator changes; everything left out is genuine. */
export type Tampering = {
  readonly origin?: string;
  readonly type?: string;
  readonly challenge?: string;
  /** Further or changed members of the client data, as they are. */
  readonly clientData?: Readonly<Record<string, unknown>>;
  /** The client data's bytes, signed as they are. */
  readonly rawClientData?: string;
  readonly rpId?: string;
  readonly flags?: Flags;
  readonly counter?: number;
  readonly aaguid?: string;
  /** Bytes after the authenticator data's end. */
  readonly trailing?: Uint8Array;
  /** The credential id in the attested data. */
  readonly attestedId?: Uint8Array;
  /** The response's `id` and `rawId`. */
  readonly id?: string;
  readonly rawId?: string;
  readonly userHandle?: string | null;
  /** Signs with another key than the registered one. */
  readonly otherKey?: boolean;
  /** Changes the signature's bytes after signing. */
  readonly signature?: (signature: Buffer) => Buffer;
  /** Changes the authenticator data after signing. */
  readonly authenticatorDataAfter?: (data: Buffer) => Buffer;
  /** Attestation statement format; `packed` signs with the credential's own key. */
  readonly format?: string;
  readonly statement?: Map<string | number, CborData>;
  /** The algorithm a packed statement names; the signature stays the key's. */
  readonly statementAlgorithm?: number;
  /** The attestation object's bytes, as they are. */
  readonly rawAttestation?: Uint8Array;
  readonly transports?: readonly string[];
};

export type AuthenticatorSettings = {
  readonly key?: KeyKind;
  readonly origin?: string;
  readonly aaguid?: string;
  /** Flags of every ceremony: presence and verification are given unless said otherwise. */
  readonly flags?: Flags;
  /** The first counter; each assertion adds one. null: no counter, always 0. */
  readonly counter?: number | null;
  readonly credentialId?: Uint8Array;
  /** Answers with a packed statement and certificates where one is asked for; gives the AAGUID as well. */
  readonly attestation?: AttestationKey;
};

export type SoftwareAuthenticator = {
  readonly credentialId: string;
  readonly register: (
    options: PublicKeyCredentialCreationOptionsJSON,
    tampering?: Tampering,
  ) => RegistrationResponseJSON;
  readonly authenticate: (
    options: PublicKeyCredentialRequestOptionsJSON,
    tampering?: Tampering,
  ) => AuthenticationResponseJSON;
};

const FLAG_BITS = { up: 0, uv: 2, be: 3, bs: 4, at: 6, ed: 7 } as const;
const encode = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
const uuidBytes = (uuid: string) => Buffer.from(uuid.replaceAll("-", ""), "hex");

function flagByte(flags: Flags): number {
  const bit = (name: keyof typeof FLAG_BITS) => (flags[name] ? 1 << FLAG_BITS[name] : 0);
  return bit("up") | bit("uv") | bit("be") | bit("bs") | bit("at") | bit("ed");
}

function clientDataOf(type: string, challenge: string, origin: string, tampering: Tampering): Buffer {
  if (tampering.rawClientData !== undefined) return Buffer.from(tampering.rawClientData);
  const data = {
    type: tampering.type ?? type,
    challenge: tampering.challenge ?? challenge,
    origin: tampering.origin ?? origin,
    crossOrigin: false,
    ...tampering.clientData,
  };
  return Buffer.from(JSON.stringify(data));
}

/** Authenticator data (WebAuthn L3, 6.1). */
function authenticatorData(rpId: string, flags: Flags, counter: number, attested?: Buffer, trailing?: Uint8Array) {
  const head = Buffer.alloc(37);
  sha256(rpId).copy(head);
  head[32] = flagByte(flags);
  head.writeUInt32BE(counter, 33);
  return Buffer.concat([head, attested ?? Buffer.alloc(0), trailing ?? Buffer.alloc(0)]);
}

function attestedData(aaguid: string, id: Uint8Array, key: AuthenticatorKey): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(id.length);
  return Buffer.concat([uuidBytes(aaguid), length, id, key.cose]);
}

/** Where no statement is asked for, browsers hand none on. */
function formatFor({ attestation }: PublicKeyCredentialCreationOptionsJSON, settings: AuthenticatorSettings): string {
  return settings.attestation && (attestation === "direct" || attestation === "enterprise") ? "packed" : "none";
}

type Signer = Pick<AuthenticatorKey, "algorithm" | "sign"> & Partial<Pick<AttestationKey, "certificates">>;

function statementOf(format: string, signer: Signer, signed: Buffer): Map<string | number, CborData> {
  if (format !== "packed") return new Map<string | number, CborData>();
  const statement: [string | number, CborData][] = [
    ["alg", signer.algorithm],
    ["sig", signer.sign(signed)],
    ...(signer.certificates ? [["x5c", [...signer.certificates]] satisfies [string, CborData]] : []),
  ];
  return new Map<string | number, CborData>(statement);
}

/**
 * An authenticator and the browser before it, in software: answers the options of a ceremony as both would,
 * or not quite, for a tampered one.
 */
export function createSoftwareAuthenticator(settings: AuthenticatorSettings = {}): SoftwareAuthenticator {
  const key = createKey(settings.key ?? "es256");
  const id = Buffer.from(settings.credentialId ?? randomBytes(32));
  const origin = settings.origin ?? "http://localhost:8080";
  const aaguid = settings.aaguid ?? settings.attestation?.aaguid ?? "00000000-0000-0000-0000-000000000000";
  const flags: Flags = { up: true, uv: true, ...settings.flags };
  let counter = settings.counter === undefined ? null : settings.counter;
  let userHandle: string | undefined;

  return {
    credentialId: encode(id),
    register: (options, tampering = {}) => {
      userHandle = options.user.id;
      const clientData = clientDataOf("webauthn.create", options.challenge, origin, tampering);
      const marks = { ...flags, at: true, ...tampering.flags };
      const attested = marks.at
        ? attestedData(tampering.aaguid ?? aaguid, tampering.attestedId ?? id, key)
        : Buffer.alloc(0);
      const rpId = tampering.rpId ?? options.rp.id ?? "";
      const data = authenticatorData(rpId, marks, tampering.counter ?? counter ?? 0, attested, tampering.trailing);
      const signed = Buffer.concat([data, sha256(clientData)]);
      const format = tampering.format ?? formatFor(options, settings);
      const signer = settings.attestation ?? key;
      const algorithm = tampering.statementAlgorithm ?? signer.algorithm;
      const statement = tampering.statement ?? statementOf(format, { ...signer, algorithm }, signed);
      const sent = tampering.authenticatorDataAfter?.(data) ?? data;
      const attestation: [string | number, CborData][] = [
        ["fmt", format],
        ["attStmt", statement],
        ["authData", sent],
      ];
      return {
        id: tampering.id ?? encode(id),
        rawId: tampering.rawId ?? tampering.id ?? encode(id),
        type: "public-key",
        clientExtensionResults: {},
        response: {
          clientDataJSON: encode(clientData),
          attestationObject: encode(
            tampering.rawAttestation ?? encodeCbor(new Map<string | number, CborData>(attestation)),
          ),
          transports: [...(tampering.transports ?? ["internal"])],
        },
      };
    },
    authenticate: (options, tampering = {}) => {
      if (counter !== null) counter += 1;
      const clientData = clientDataOf("webauthn.get", options.challenge, origin, tampering);
      const rpId = tampering.rpId ?? options.rpId ?? "";
      const marks = { ...flags, ...tampering.flags };
      const data = authenticatorData(rpId, marks, tampering.counter ?? counter ?? 0, undefined, tampering.trailing);
      const signer = tampering.otherKey ? createKey(settings.key ?? "es256") : key;
      const signature = signer.sign(Buffer.concat([data, sha256(clientData)]));
      const handle = tampering.userHandle === undefined ? userHandle : tampering.userHandle;
      return {
        id: tampering.id ?? encode(id),
        rawId: tampering.rawId ?? tampering.id ?? encode(id),
        type: "public-key",
        clientExtensionResults: {},
        response: {
          clientDataJSON: encode(clientData),
          authenticatorData: encode(tampering.authenticatorDataAfter?.(data) ?? data),
          signature: encode(tampering.signature?.(signature) ?? signature),
          ...(handle !== null && handle !== undefined && { userHandle: handle }),
        },
      };
    },
  };
}
