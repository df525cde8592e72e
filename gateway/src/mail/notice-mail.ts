import type { Notice } from "./notice.ts";
import { noticeHtml } from "./notice-html.ts";
import { mailText, type NoticeLetter, noticeWords } from "./notice-words.ts";

export type NoticeFrame = { readonly rpName: string; readonly publicUrl: URL; readonly now: Date };

export type RenderedNotice = { readonly subject: string; readonly text: string; readonly html: string };

function letterOf(notice: Notice, { rpName, publicUrl, now }: NoticeFrame): NoticeLetter {
  const link = new URL("/recover?reason=not_me", publicUrl).href;
  return { ...noticeWords(notice, rpName, now), rpName, link, footer: mailText("footer", { rp: rpName }) };
}

function noticeText({ lead, list, facts, advice, link, footer }: NoticeLetter): string {
  const paragraphs = [
    mailText("hello"),
    lead,
    list.map((entry) => `- ${entry}`).join("\n"),
    facts.map(([label, value]) => `${label}: ${value}`).join("\n"),
    ...advice,
    `${mailText("not_me")}:\n${link}`,
    // The usual mark before what is not the message itself (RFC 3676, 4.3).
    `-- \n${footer}`,
  ];
  return `${paragraphs.filter(Boolean).join("\n\n")}\n`;
}

/** The mail of a notice, as text and as HTML. */
export function renderNotice(notice: Notice, frame: NoticeFrame): RenderedNotice {
  const letter = letterOf(notice, frame);
  return { subject: letter.subject, text: noticeText(letter), html: noticeHtml(letter) };
}
