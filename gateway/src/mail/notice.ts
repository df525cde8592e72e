import type { Identity } from "../sessions/session.ts";

/** Something that happened to an account and that its owner has to hear of. */
export type Notice = {
  readonly identity: Pick<Identity, "id" | "email" | "name">;
  readonly event:
    | { readonly kind: "passkey_added" | "passkey_removed"; readonly passkeyName: string }
    | { readonly kind: "passkeys_reset"; readonly count: number }
    | { readonly kind: "recovery_code_used"; readonly remaining: number }
    | { readonly kind: "recovery_codes_created" }
    /** The address was proved by mail: what had been set up before without proof is gone. */
    | {
        readonly kind: "unproved_sign_in_removed";
        readonly passkeyNames: readonly string[];
        readonly password: boolean;
      };
  /** Where it was done from, as far as known. */
  readonly place: { readonly userAgent: string | null; readonly ip: string | null } | null;
};

/** Sends a notice by mail, sooner or later. Never rejects: no action fails because of its notice. */
export type SendNotice = (notice: Notice) => Promise<void>;
