import { z } from "zod";
import type { Credential, PlaceOfUse } from "./credential.ts";

/** A row of the table `credentials`, as pg hands it out (bigint comes as text). */
const credentialRow = z.object({
  id: z.instanceof(Buffer),
  identity_id: z.string(),
  public_key: z.instanceof(Buffer),
  algorithm: z.number(),
  sign_count: z.coerce.number(),
  aaguid: z.string(),
  device_type: z.enum(["single_device", "multi_device"]),
  backed_up: z.boolean(),
  transports: z.array(z.string()),
  attestation: z.enum(["none", "unverified", "verified"]),
  name: z.string(),
  address_proved: z.boolean(),
  created_at: z.date(),
  last_used_at: z.date().nullable(),
  last_used_user_agent: z.string().nullable(),
  last_used_ip: z.string().nullable(),
});

/** The bytes of a credential id in base64url. */
export const idBytes = (id: string): Buffer => Buffer.from(id, "base64url");

function placeIn({
  last_used_user_agent: userAgent,
  last_used_ip: ip,
}: z.infer<typeof credentialRow>): PlaceOfUse | null {
  return userAgent === null && ip === null ? null : { userAgent, ip };
}

/** The credential a row holds. */
export function fromRow(value: unknown): Credential {
  const row = credentialRow.parse(value);
  return {
    id: row.id.toString("base64url"),
    identityId: row.identity_id,
    publicKey: row.public_key,
    algorithm: row.algorithm,
    counter: row.sign_count,
    aaguid: row.aaguid,
    deviceType: row.device_type,
    backedUp: row.backed_up,
    transports: row.transports,
    attestation: row.attestation,
    name: row.name,
    addressProved: row.address_proved,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    lastUsedFrom: placeIn(row),
  };
}

/** The row of a credential. */
export function toRow(credential: Credential) {
  return {
    id: idBytes(credential.id),
    identity_id: credential.identityId,
    public_key: Buffer.from(credential.publicKey),
    algorithm: credential.algorithm,
    sign_count: credential.counter,
    aaguid: credential.aaguid,
    device_type: credential.deviceType,
    backed_up: credential.backedUp,
    transports: [...credential.transports],
    attestation: credential.attestation,
    name: credential.name,
    address_proved: credential.addressProved,
    created_at: credential.createdAt,
    last_used_at: credential.lastUsedAt,
    last_used_user_agent: credential.lastUsedFrom?.userAgent ?? null,
    last_used_ip: credential.lastUsedFrom?.ip ?? null,
  };
}
