import type { TextKey } from "../texts.ts";

/** A question of the help page; its id is its anchor, which links and mails name. */
export type Question = {
  readonly id: string;
  readonly title: TextKey;
  readonly text: readonly TextKey[];
  /** Points, or steps where their order matters. */
  readonly points?: readonly TextKey[];
  readonly steps?: readonly TextKey[];
  readonly after?: TextKey;
  readonly ways?: readonly { readonly to: string; readonly words: TextKey }[];
};

const RECOVER = { to: "/recover", words: "guide.lost_recover" } as const;

/** The help page's questions in the order they are asked. */
export const QUESTIONS: readonly Question[] = [
  {
    id: "what",
    title: "help.what",
    text: ["help.what_answer", "guide.what_phish", "guide.what_beside"],
  },
  {
    id: "where",
    title: "help.where",
    text: ["help.where_answer"],
    points: [
      "guide.where_apple",
      "guide.where_google",
      "guide.where_windows",
      "guide.where_manager",
      "guide.where_key",
    ],
    after: "guide.where_list",
  },
  {
    id: "devices",
    title: "guide.devices",
    text: ["guide.devices_lead"],
    points: [
      "guide.devices_ios",
      "guide.devices_android",
      "guide.devices_mac",
      "guide.devices_windows",
      "guide.devices_linux",
    ],
    after: "guide.devices_phone",
  },
  {
    id: "fails",
    title: "guide.fails",
    text: [],
    points: [
      "guide.fails_closed",
      "guide.fails_nothing",
      "guide.fails_lock",
      "guide.fails_qr",
      "guide.fails_app",
      "guide.fails_removed",
    ],
    after: "guide.fails_password",
    ways: [{ to: "/login", words: "guide.fails_sign_in" }],
  },
  {
    id: "lost",
    title: "help.lost",
    text: ["guide.lost_calm", "guide.lost_synced"],
    steps: ["guide.lost_in", "guide.lost_remove", "guide.lost_new"],
    ways: [RECOVER, { to: "/account", words: "guide.lost_account" }],
  },
  {
    id: "codes",
    title: "guide.codes",
    text: ["guide.codes_lead", "guide.codes_keep", "guide.codes_few"],
    ways: [{ to: "/recover/recovery-code", words: "guide.codes_use" }],
  },
  {
    id: "mail",
    title: "guide.mail",
    text: [],
    steps: ["guide.mail_press", "guide.mail_look"],
    ways: [RECOVER],
  },
];
