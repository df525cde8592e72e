/** Words of /login and /register. */
export const SIGN_IN_TEXTS = {
  "login.title": "Sign in",
  "login.passkey": "Sign in with a passkey",
  "login.passkey_busy": "Waiting for passkey…",
  "login.passkey_hint": "Use your fingerprint, face or screen lock.",
  "login.password": "Sign in with password",
  "login.password_busy": "Signing in…",
  "login.or": "or",
  "login.forgot": "Forgot it?",
  "login.create": "Create an account",
  "login.new_here": "New here?",
  "login.no_webauthn": "This browser can't use passkeys. Sign in with your password.",
  "login.insecure": "Passkeys need a secure (https) address. Sign in with your password.",
  "login.last_passkey": "You used a passkey last time.",
  "login.last_password": "You used your password last time.",
  "login.last_code": "You used a code by e-mail last time.",
  "login.passkey_anywhere": "Also from your phone or a security key.",
  "login.code": "E-mail me a code",
  "login.code_busy": "Sending…",
  "login.code_title": "Check your e-mail",
  "login.code_lead": "If {email} has an account, a six-digit code is on its way.",
  "login.code_submit": "Sign in",
  "login.code_submit_busy": "Signing in…",
  "login.code_back": "Another way in",
  "login.lost": "I lost my device",
  "login.lost_answer":
    "Sign in with your password if you have one. Otherwise get back in by e-mail or with one of your recovery codes, and then remove the lost passkey in your account.",
  "login.lost_recover": "Get back in by e-mail",
  "login.lost_code": "Use a recovery code",
  "login.lost_help": "More help",
  "login.signed_in_title": "You are signed in",
  "login.signed_in_as": "You are signed in as {email}.",
  "login.sign_out": "Sign out",
  "login.again_title": "Please sign in again",
  "login.passkey_required_lead":
    "Your organisation asks for a passkey here; a password alone does not lead on. Please use your passkey.",
  "login.again_lead": "For your safety we ask for a fresh sign-in before you go on.",
  "login.other_title": "Sign in as someone else",
  "login.other_lead": "You are signed in as {email}. Sign out first; then you come to the page with another account.",
  "login.other_sign_out": "Sign out and go on",
  "login.done": "Signed in. Taking you on…",

  "need.title": "This page needs your passkey",
  "need.lead": "You are signed in as {email}. Use your passkey once, and you are taken on to the page.",
  "need.lead_recovered":
    "You came in with a recovery code as {email}; this page needs a passkey. Use one you still have, or create a new one here.",
  "need.use": "Use your passkey",
  "need.create": "Create a new passkey",
  "need.account": "Your passkeys",
  "need.lost_answer":
    "Create a new passkey on this device and use that one. Then remove the lost passkey in your account.",
  "need.unsupported":
    "This browser can't use passkeys, and a password is not enough for this page. Open it in an up-to-date browser, or on your phone.",
  "need.more_title": "One more step",
  "need.more_lead":
    "You used a passkey that did not ask for your fingerprint, face or PIN. This page needs one that does, or your password as well.",
  "need.problem.no_passkey_here":
    "No passkey on this device was used. Press the button again for your phone or a security key.",
  "need.problem.webauthn_cancelled": "The passkey prompt was closed or timed out. You can try again.",
  "need.problem.verification_failed": "That passkey could not be checked. Try again, or use another one of yours.",

  "offer.needed": "The page you want to open needs a passkey. Create one now; then you use it once, and you are there.",
  "offer.needed_unsupported":
    "The page you want to open needs a passkey, and this browser can't create one. Sign in on a phone or computer with an up-to-date browser and a screen lock, and create it there.",
  "offer.have_one": "I have a passkey already",
  "offer.required":
    "This application asks everyone to sign in with a passkey. Create one to go on; it takes less than a minute.",
  "offer.required_unsupported":
    "This application asks everyone to sign in with a passkey, and this browser can't create one. Sign in on a phone or computer with an up-to-date browser and a screen lock, and create it there.",
  "offer.sign_out": "Sign out",

  "register.title": "Create your account",
  "register.submit": "Create account",
  "register.submit_busy": "Creating your account…",
  "register.use_passkey": "Use a passkey instead",
  "register.use_password": "Use a password instead",
  "register.passkey_submit": "Create account with a passkey",
  "register.passkey_lead": "Next, your device asks for your fingerprint, face or screen lock.",
  "register.have_account": "Already have an account?",
  "register.sign_in": "Sign in",
} as const satisfies Record<string, string>;
