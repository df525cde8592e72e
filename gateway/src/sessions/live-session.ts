import type { Place } from "../place.ts";
import type { Aal, SessionKind, SignInMethod } from "./session.ts";

/** A live session as its owner sees it in a list, in whatever browser it is. */
export type LiveSession = {
  readonly kind: SessionKind;
  /** The id clients see. */
  readonly id: string;
  readonly authMethod: SignInMethod;
  readonly aal: Aal;
  /** Where it was signed in. */
  readonly place: Place;
  readonly createdAt: Date;
  readonly expiresAt: Date;
};

/** Of each kind no more than the newest so many are listed. */
export const LISTED_AT_MOST = 1_000;
