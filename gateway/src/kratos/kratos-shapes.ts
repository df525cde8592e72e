import { z } from "zod";
import { toPlace } from "../place.ts";
import type { LiveSession } from "../sessions/live-session.ts";
import type { Aal, Identity, SignInMethod, SourceSession } from "../sessions/session.ts";
import type { KratosIdentity } from "./kratos-client.ts";

const nameTrait = z.union([
  z.string(),
  z.object({ first: z.string().optional(), last: z.string().optional() }).loose(),
]);

/**
 * How the hash of a password begins that was taken away: bcrypt with a salt of its own. Kratos can change a password but
 * not remove it.
 */
export const NO_PASSWORD_PREFIX = "$2a$12$PassbridgeNoPasswordxu";

const identityShape = z.object({
  id: z.string().min(1),
  state: z.enum(["active", "inactive"]).optional(),
  traits: z.record(z.string(), z.unknown()),
  verifiable_addresses: z.array(z.object({ value: z.string(), verified: z.boolean() })).nullish(),
  metadata_public: z.unknown(),
  credentials: z
    .record(
      z.string(),
      z.object({
        identifiers: z.array(z.string()).nullish(),
        config: z.record(z.string(), z.unknown()).nullish(),
      }),
    )
    .nullish(),
});

const proofShape = z.object({
  id: z.string().min(1),
  expires_at: z.coerce.date(),
  authenticator_assurance_level: z.string().nullish(),
  authentication_methods: z.array(z.object({ method: z.string(), completed_at: z.coerce.date().optional() })).nullish(),
});

const sessionShape = proofShape.extend({
  active: z.boolean(),
  authenticated_at: z.coerce.date(),
  identity: identityShape,
});

/** Of a list of one identity's sessions. A device is where a session was signed in, and signed in once more. */
const liveSessionShape = proofShape.extend({
  issued_at: z.coerce.date(),
  devices: z.array(z.object({ ip_address: z.string().nullish(), user_agent: z.string().nullish() })).nullish(),
});

/** A map: of an object's, `constructor` would be a method as well. */
const METHODS: ReadonlyMap<string, SignInMethod> = new Map([
  ["password", "password"],
  ["code", "code"],
  ["code_recovery", "code"],
  ["link_recovery", "code"],
]);
const AMR: Readonly<Partial<Record<SignInMethod, string>>> = { password: "pwd", code: "otp" };

function nameOf(traits: Readonly<Record<string, unknown>>): string | null {
  const name = nameTrait.safeParse(traits.name);
  if (!name.success) return null;
  if (typeof name.data === "string") return name.data.trim() || null;
  return [name.data.first, name.data.last].filter(Boolean).join(" ") || null;
}

function rolesOf(metadata: unknown): string[] {
  const parsed = z.object({ roles: z.array(z.string()) }).safeParse(metadata);
  return parsed.success ? parsed.data.roles : [];
}

function toIdentity(shape: z.infer<typeof identityShape>): Identity {
  const { traits } = shape;
  const email = typeof traits.email === "string" ? traits.email : "";
  const addresses = shape.verifiable_addresses ?? [];
  return {
    id: shape.id,
    email,
    emailVerified: addresses.some((address) => address.verified && address.value.toLowerCase() === email.toLowerCase()),
    name: nameOf(traits),
    roles: rolesOf(shape.metadata_public),
    traits,
  };
}

type Credentials = z.infer<typeof identityShape>["credentials"];

const hasIdentifier = (credentials: Credentials, type: string) => (credentials?.[type]?.identifiers?.length ?? 0) > 0;

/**
 * Kratos gives everyone a password credential with their e-mail, and an account without a password one whose
 * configuration is empty. Where the configuration is not shown the identifier has to do.
 */
function hasPassword(credentials: Credentials): boolean {
  const config = credentials?.password?.config;
  if (!config) return hasIdentifier(credentials, "password");
  const { hashed_password: hash } = config;
  const isSet = typeof hash === "string" && hash !== "" && !hash.startsWith(NO_PASSWORD_PREFIX);
  return isSet || config.use_password_migration_hook === true;
}

/** What a PUT of an identity has to give back unchanged. */
export const identityDocument = z.object({
  schema_id: z.string(),
  state: z.enum(["active", "inactive"]).default("active"),
  traits: z.record(z.string(), z.unknown()),
  metadata_public: z.unknown(),
  metadata_admin: z.unknown(),
});

/**
 * Reads an identity of Kratos' admin API.
 * @throws ZodError when the answer has another shape.
 */
export function parseKratosIdentity(body: unknown): KratosIdentity {
  const shape = identityShape.parse(body);
  return {
    identity: toIdentity(shape),
    active: shape.state !== "inactive",
    hasPassword: hasPassword(shape.credentials),
    hasCode: hasIdentifier(shape.credentials, "code"),
  };
}

/** What a session proves: its methods, the oldest first, and its level. */
function proofOf(shape: z.infer<typeof proofShape>) {
  const known = (shape.authentication_methods ?? [])
    .map((entry) => METHODS.get(entry.method))
    .filter((method) => !!method);
  const methods: readonly SignInMethod[] = known.length > 0 ? [...new Set(known)] : ["password"];
  const aal: Aal = shape.authenticator_assurance_level === "aal2" ? "aal2" : "aal1";
  return { methods, aal };
}

/**
 * Reads a live session from the list of an identity's.
 * @throws ZodError when it has another shape.
 */
export function parseLiveKratosSession(body: unknown): LiveSession {
  const shape = liveSessionShape.parse(body);
  const { methods, aal } = proofOf(shape);
  const device = shape.devices?.at(-1);
  return {
    kind: "password",
    id: shape.id,
    authMethod: methods.at(-1) ?? "password",
    aal,
    place: toPlace({ userAgent: device?.user_agent, ip: device?.ip_address }),
    createdAt: shape.issued_at,
    expiresAt: shape.expires_at,
  };
}

/**
 * Reads the answer of Kratos' whoami; null for a session that is not active any more.
 * @throws ZodError when the answer has another shape.
 */
export function parseKratosSession(body: unknown): SourceSession | null {
  const shape = sessionShape.parse(body);
  if (!shape.active || shape.identity.state === "inactive") return null;
  const { methods, aal } = proofOf(shape);
  return {
    kind: "password",
    id: shape.id,
    methods,
    aal,
    amr: methods.flatMap((method) => AMR[method] ?? []),
    authenticatedAt: shape.authenticated_at,
    expiresAt: shape.expires_at,
    identity: toIdentity(shape.identity),
  };
}
