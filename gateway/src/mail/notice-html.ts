import { mailText, type NoticeLetter } from "./notice-words.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);

/** Where a mail program keeps style sheets at all; the styles of the elements are the light look. */
const DARK = `
  :root { color-scheme: light dark; supported-color-schemes: light dark; }
  @media (prefers-color-scheme: dark) {
    .page { background: #101218 !important; }
    .card { background: #191c24 !important; border-color: #343a47 !important; }
    .text { color: #eceef3 !important; }
    .quiet { color: #aab1c0 !important; }
    .button { background: #94a9ff !important; color: #10142a !important; }
  }`;

const FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const TEXT = `margin:0 0 16px;color:#171a21;font-size:16px;line-height:24px;${FONT}`;
const QUIET = `color:#545b6a;font-size:14px;line-height:20px;${FONT}`;
const BUTTON =
  "display:inline-block;padding:12px 20px;border-radius:10px;background:#3b5bdb;color:#ffffff;" +
  `font-size:16px;line-height:20px;font-weight:600;text-decoration:none;${FONT}`;

const paragraph = (text: string) => `<p class="text" style="${TEXT}">${escapeHtml(text)}</p>`;

function listHtml(list: readonly string[]): string {
  if (list.length === 0) return "";
  const entries = list.map((entry) => `<li>${escapeHtml(entry)}</li>`).join("");
  return `<ul class="text" style="${TEXT};padding-left:20px">${entries}</ul>`;
}

function factsHtml(facts: NoticeLetter["facts"]): string {
  const rows = facts.map(
    ([label, value]) =>
      `<tr><td class="quiet" style="${QUIET};padding:2px 16px 2px 0;vertical-align:top">${escapeHtml(label)}</td>` +
      `<td class="text" style="${TEXT};margin:0;padding:2px 0;font-size:14px;line-height:20px">${escapeHtml(value)}</td></tr>`,
  );
  return `<table role="presentation" cellpadding="0" cellspacing="0" style="margin:0 0 16px">${rows.join("")}</table>`;
}

/**
 * A notice as HTML that survives mail programs: one column, styles on the elements, no image, nothing from elsewhere; dark
 * where the program knows dark. Everything that is not ours is escaped.
 */
export function noticeHtml({ subject, rpName, lead, list, facts, advice, link, footer }: NoticeLetter): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>${DARK}</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f5f6f9">
<div role="main">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#f5f6f9">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:520px;text-align:left">
<tr><td class="quiet" style="${QUIET};padding:0 4px 12px;font-weight:600">${escapeHtml(rpName)}</td></tr>
<tr><td class="card" style="padding:24px;background:#ffffff;border:1px solid #d9dde5;border-radius:16px">
<h1 class="text" style="${TEXT};font-size:20px;line-height:26px;font-weight:700">${escapeHtml(subject)}</h1>
${paragraph(lead)}${listHtml(list)}${factsHtml(facts)}${advice.map(paragraph).join("")}
<p style="margin:0"><a class="button" href="${escapeHtml(link)}" style="${BUTTON}">${escapeHtml(mailText("not_me"))}</a></p>
</td></tr>
<tr><td class="quiet" style="${QUIET};padding:12px 4px 0;font-size:13px">${escapeHtml(footer)}</td></tr>
</table>
</td></tr>
</table>
</div>
</body>
</html>
`;
}
