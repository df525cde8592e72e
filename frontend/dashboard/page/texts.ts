import type { Area } from "../server/areas.ts";
import type { TokenFault } from "../server/identity-token.ts";

/** Every word of the sample application. */
export const TEXTS = {
  name: "Harbour",
  tagline: "A sample application behind the gateway. Put your own in its place.",
  loading: "Looking who is here…",
  loadFailed: "This application's own server did not answer.",
  again: "Try again",
  account: "Your account",
  signOut: "Sign out",
  signingOut: "Signing out…",
  signOutFailed: "You could not be signed out just now. Please try again.",
  signedOut: "You are signed out",
  signedOutLead: "This browser has no session any more, so there is nothing of yours to show here.",
  signIn: "Sign in",
  stale: "The gateway can't check your session right now. You are still signed in; it keeps trying.",

  directTitle: "You came straight here",
  directLead:
    "This request did not pass the gateway: no identity headers and no identity token came along. So this application does not know who you are, and says so.",
  directAction: "Open it through the gateway",
  doubtfulTitle: "Somebody claims to be somebody",
  doubtfulLead:
    "Identity headers came along, but no identity token that could be verified. Anybody who reaches this port could have written them, so this application does not believe them.",

  whoTitle: "Who you are",
  hello: "Hello, {name}",
  email: "E-mail",
  emailVerified: "confirmed",
  emailUnverified: "not confirmed yet",
  personName: "Name",
  noName: "not given",
  roles: "Roles",
  noRoles: "none",
  identityId: "Identity",

  howTitle: "How you signed in",
  method: "With",
  aal: "Assurance",
  amr: "Proofs",
  since: "Since",
  until: "Session until",
  liveSessions: "Live sessions",
  sessionPasskey: "the gateway's own",
  sessionPassword: "Kratos'",
  passkeys: "Passkeys",
  unknown: "can't be asked right now",

  areasTitle: "Pages with rules of their own",
  areasLead: "The gateway lets people in as the rules in gateway.yml say, and leads to what is missing.",
  areaAddress: "You asked for",
  areaBack: "Back to the start",
  nobodyTitle: "Nobody is signed in",
  nobodyLead: "This page is open to anyone, so the gateway let you in without asking who you are.",
  neededTitle: "This page needs something of you first",
  neededLead:
    "What is on this page is only for people who signed in as its rule wants, and that is not the case any more.",
  needed: "Go on",

  headersTitle: "What the gateway sent",
  headersLead: "The identity headers of this very request, as they arrived.",
  headerName: "Header",
  headerValue: "Value",
  headersNone: "No identity header arrived.",

  tokenTitle: "The identity token",
  tokenVerified: "Verified",
  tokenVerifiedLead: "Signed by the gateway, meant for this application, not expired, about the same person.",
  tokenMissing: "No token",
  tokenMissingLead: "No X-Identity-Token came with this request.",
  tokenRefused: "Not verified",
  claim: "Claim",

  liveTitle: "A live connection",
  liveLead: "A WebSocket through the gateway. The server says back what you say, and who it says it to.",
  liveConnecting: "Connecting…",
  liveConnected: "Connected as {who}",
  liveUnknown: "somebody it can't verify",
  liveClosed: "Not connected",
  liveReconnect: "Connect",
  liveMessage: "Message",
  liveSend: "Send",
  liveYou: "You",
  liveServer: "Server",
  liveEmpty: "Nothing said yet.",
} as const;

export const METHODS: Readonly<Record<string, string>> = {
  passkey: "a passkey",
  password: "a password",
  code: "a code by e-mail",
  recovery_code: "a recovery code",
};

export const ASSURANCE: Readonly<Record<string, string>> = {
  aal1: "one factor (aal1)",
  aal2: "two factors (aal2)",
};

export const PROOFS: Readonly<Record<string, string>> = {
  pwd: "password",
  otp: "one-time code",
  hwk: "key bound to a device",
  swk: "synced key",
  user: "fingerprint, face or screen lock",
  mfa: "more than one factor",
};

export const FAULTS: Readonly<Record<TokenFault, string>> = {
  malformed: "What came along is not a token this application can read.",
  expired: "The token has expired.",
  wrong_claim: "A claim is not what it must be: {claim}.",
  wrong_signature: "The signature does not fit the gateway's key.",
  unknown_key: "It is signed with a key the gateway does not publish.",
  keys_unreachable: "The gateway's public keys could not be fetched, so nothing could be checked.",
  other_person: "The token is about another person than the Remote-User header.",
};

export const AREA_TEXTS: Readonly<Record<Area, { readonly title: string; readonly needs: string }>> = {
  public: { title: "Public notices", needs: "Open to anyone." },
  "admin-area": { title: "Administration", needs: "For people with the role admin, signed in with two factors." },
  payments: { title: "Payments", needs: "Needs two factors, and a sign-in within the last 15 minutes." },
};

/** Fills `{name}` in a text. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
