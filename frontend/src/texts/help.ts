/** Words of /help. What stands under the passkey prompt as well is in common.ts. */
export const HELP_TEXTS = {
  "help.link": "Help with passkeys",
  "help.more": "More about passkeys",
  "help.new_tab": "opens in a new tab",

  "guide.title": "Help with passkeys",
  "guide.lead": "How signing in without a password works, and what to do when it does not.",
  "guide.contents": "On this page",

  "guide.what_phish":
    "A passkey works only at the address it was made for. A copy of this site that tries to trick you gets nothing out of it.",
  "guide.what_beside": "You can have several passkeys, and you can keep your password beside them.",

  "guide.where_apple": "iPhone, iPad and Mac: in iCloud Keychain (the Passwords app), on all your Apple devices.",
  "guide.where_google": "Android and Chrome: in Google Password Manager, wherever you are signed in to Google.",
  "guide.where_windows": "Windows: in Windows Hello, on that computer.",
  "guide.where_manager": "A password manager you installed yourself: wherever you use it.",
  "guide.where_key": "A security key: on the key alone.",
  "guide.where_list": "Your account shows which of your passkeys are synced and which are on one device only.",

  "guide.devices": "Which devices and browsers work?",
  "guide.devices_lead":
    "Nearly everything from the last few years. You need a screen lock: a PIN, a fingerprint or your face.",
  "guide.devices_ios": "iPhone and iPad with iOS 16 or newer, in any browser",
  "guide.devices_android": "Android 9 or newer, with Chrome, Edge, Firefox or Samsung Internet",
  "guide.devices_mac": "Mac with macOS 13 or newer, with Safari, Chrome, Edge or Firefox",
  "guide.devices_windows": "Windows 10 and 11, with Chrome, Edge or Firefox",
  "guide.devices_linux": "Linux and ChromeOS: with your phone, a security key or a password manager",
  "guide.devices_phone":
    "No passkey on this device? Choose to use another one in the passkey prompt, and scan the QR code with your phone. Bluetooth has to be on at both.",

  "guide.fails": "What can I do when it fails?",
  "guide.fails_closed": "The prompt was closed or timed out: try again. It waits for a few minutes only.",
  "guide.fails_nothing":
    "No passkey is found: it may be in another password manager or on another device. Look for “use another device” in the prompt.",
  "guide.fails_lock":
    "Nothing opens: check that this device has a screen lock, and that browser and system are up to date.",
  "guide.fails_qr":
    "The QR code does not connect: turn Bluetooth on at both devices and keep them close to each other.",
  "guide.fails_app": "Inside another app: open the page in your usual browser instead.",
  "guide.fails_removed":
    "“No longer known here”: that passkey was removed from your account. Delete it on your device, too.",
  "guide.fails_password": "You can also sign in another way and try the passkey later.",
  "guide.fails_sign_in": "Go to sign-in",

  "guide.lost_calm": "Whoever finds it can't use your passkeys without your PIN, fingerprint or face.",
  "guide.lost_synced":
    "If your passkeys are synced, they are there again once you set up a new device with the same Apple or Google account or password manager.",
  "guide.lost_in": "If not, get in with another passkey, your password, a recovery code or a code by e-mail.",
  "guide.lost_remove": "Then open your account and remove the passkey of the lost device.",
  "guide.lost_new": "Create a passkey on your new device, best on a second one as well.",
  "guide.lost_recover": "Get a code by e-mail",
  "guide.lost_account": "Open your account",

  "guide.codes": "What are recovery codes for?",
  "guide.codes_lead":
    "They let you in when your devices are gone and your e-mail is out of reach. Each of the ten works once.",
  "guide.codes_keep":
    "Print them or write them down, and keep them like a spare key. Not on the device they are to replace.",
  "guide.codes_few": "Few left, or somebody saw them? Make new ones in your account; the old ones stop working.",
  "guide.codes_use": "Use a recovery code",

  "guide.mail": "I got a mail about a change I did not make",
  "guide.mail_press":
    "Press “This was not me” in the mail, or get a code by e-mail here. That makes the account yours again.",
  "guide.mail_look":
    "Then remove every passkey you don't know, choose a new password, end your other sessions and make new recovery codes.",
} as const satisfies Record<string, string>;
