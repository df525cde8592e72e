/** How a person proved who they are; the names are those of the HTTP contract. */
export type SignInMethod = "passkey" | "password" | "code" | "recovery_code";

/** Authenticator assurance level (NIST SP 800-63B). */
export type Aal = "aal1" | "aal2";

/** A Kratos identity as the gateway sees it. */
export type Identity = {
  readonly id: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly name: string | null;
  readonly roles: readonly string[];
  readonly traits: Readonly<Record<string, unknown>>;
};

/** The store a session lives in: "passkey" is the gateway's own (Redis), "password" is Kratos'. */
export type SessionKind = "passkey" | "password";

/** A live session of one source. */
export type SourceSession = {
  readonly kind: SessionKind;
  readonly id: string;
  /** Oldest first. */
  readonly methods: readonly SignInMethod[];
  readonly aal: Aal;
  /** RFC 8176 values. */
  readonly amr: readonly string[];
  readonly authenticatedAt: Date;
  readonly expiresAt: Date;
  readonly identity: Identity;
};

/** What a source knows: a session, that there is none, or that it could not be asked. */
export type SourceAnswer =
  | { readonly kind: "session"; readonly session: SourceSession }
  | { readonly kind: "none" }
  | { readonly kind: "unavailable"; readonly cause: unknown };

/** One sign-in made of the live sessions of both sources. */
export type UnifiedSession = {
  /** The newest of methods. */
  readonly authMethod: SignInMethod;
  readonly methods: readonly SignInMethod[];
  readonly aal: Aal;
  readonly amr: readonly string[];
  readonly authenticatedAt: Date;
  readonly expiresAt: Date;
  readonly identity: Identity;
  readonly passkey: SourceSession | null;
  readonly password: SourceSession | null;
};

/** What the resolver answers: decided either way, or not to be decided. */
export type Resolution =
  | {
      readonly kind: "authenticated";
      readonly session: UnifiedSession;
      /** A live session of another identity that lost this browser and is to be ended. */
      readonly superseded: SourceSession | null;
    }
  | { readonly kind: "anonymous" }
  | { readonly kind: "undecided"; readonly cause: unknown };
