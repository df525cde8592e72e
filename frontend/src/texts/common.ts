/** Words that several pages share: buttons, fields, the passkey prompt and its help. */
export const COMMON_TEXTS = {
  "common.continue": "Continue",
  "common.back": "Back",
  "common.cancel": "Cancel",
  "common.try_again": "Try again",
  "common.loading": "Loading…",
  "common.optional": "optional",
  "common.reload": "Load the page again",
  "common.to_sign_in": "Go to sign-in",
  "common.offline": "You are offline. What you typed is kept; it works again once you are back.",
  "common.back_online": "You are back online.",
  "common.request_id": "Request {id}",

  "field.email": "E-mail",
  "field.password": "Password",
  "field.new_password": "New password",
  "field.required": "Please fill this in.",
  "field.email_invalid": "This does not look like an e-mail address.",
  "field.code": "Six-digit code",
  "field.code_short": "Please enter all six digits.",
  "field.show_password": "Show password",

  "strength.hint": "At least 8 characters.",
  "strength.0": "Too short",
  "strength.1": "Easy to guess",
  "strength.2": "Fair",
  "strength.3": "Good",
  "strength.4": "Strong",

  "hero.title": "Sign in faster next time",
  "hero.lead":
    "A passkey lets you sign in with your fingerprint, face or screen lock. Nothing to remember, nothing to type.",
  "hero.create": "Create a passkey",
  "hero.create_busy": "Follow your device…",
  "hero.not_now": "Not now",
  "hero.unsupported": "This browser can't create passkeys. You can add one later from another device.",
  "hero.done": "Your passkey is ready.",

  "help.what": "What are passkeys?",
  "help.what_answer":
    "A passkey replaces your password. Your device keeps it and opens it with the same fingerprint, face or PIN that unlocks your screen. Only you can use it, and it can't be guessed or phished.",
  "help.where": "Where are they saved?",
  "help.where_answer":
    "In your device's password manager, such as iCloud Keychain, Google Password Manager or Windows Hello, or on a security key. Your fingerprint and face never leave your device.",
  "help.lost": "I lost my device",
  "help.lost_answer":
    "Sign in with your password or use “Forgot it?” to get a code by e-mail. Then remove the lost passkey in your account.",
} as const satisfies Record<string, string>;
