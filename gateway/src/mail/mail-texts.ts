/** Every word of the mails, in one place; `{name}` is filled in. One object of this shape is a translation. */
export const MAIL_TEXTS = {
  hello: "Hello,",

  passkey_added_subject: "A passkey was added to your account",
  passkey_added: "The passkey “{passkey}” was added to your {rp} account. It can sign in from now on.",

  passkey_removed_subject: "A passkey was removed from your account",
  passkey_removed: "The passkey “{passkey}” was removed from your {rp} account. It can't sign in any more.",

  passkeys_reset_subject: "Your passkeys were removed",
  passkeys_reset_one:
    "An administrator removed the passkey of your {rp} account and signed it out. You can create a new one when you sign in again.",
  passkeys_reset:
    "An administrator removed all {count} passkeys of your {rp} account and signed them out. You can create a new one when you sign in again.",

  recovery_code_used_subject: "A recovery code was used to sign in",
  recovery_code_used_none:
    "Somebody signed in to your {rp} account with your last recovery code. Make new ones in your account.",
  recovery_code_used_one: "Somebody signed in to your {rp} account with a recovery code. One code is left.",
  recovery_code_used: "Somebody signed in to your {rp} account with a recovery code. {remaining} codes are left.",

  recovery_codes_created_subject: "New recovery codes for your account",
  recovery_codes_created: "New recovery codes were made for your {rp} account. Older codes don't work any more.",

  unproved_sign_in_removed_subject: "We removed ways to sign in to your account",
  unproved_sign_in_removed:
    "You have just shown that this address is yours. Before that, somebody had set up ways to sign in to the {rp} account of this address without showing it. So that the account is yours alone, we removed them:",
  removed_passkey: "the passkey “{passkey}”",
  removed_password: "the password",

  when: "When",
  when_value: "{time} (UTC)",
  where: "Where",
  browser_on_system: "{browser} on {system}",
  some_browser: "a browser on {system}",
  ip: "IP address {ip}",

  was_me: "If this was you, there is nothing to do.",
  not_me_lead:
    "If it was not you, get back in with a code by e-mail. Then look through your passkeys and where you are signed in.",
  not_expected_lead:
    "If you did not expect this, get back in with a code by e-mail. Then look through your passkeys and where you are signed in.",
  not_me: "This was not me",

  footer:
    "{rp} sends this mail when the ways to sign in to your account change. Please don't answer it; nobody reads the answers.",
} as const satisfies Record<string, string>;
