import type { Problem } from "../errors.ts";

/** Where the page's style sheet is answered: the content security policy allows none inside the page. */
export const ERROR_STYLE_PATH = "/.passbridge/error.css";

/** The colours and measures of the pages, in small. */
export const ERROR_STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; --page: #f5f6f9; --surface: #fff; --line: #d9dde5; --text: #171a21; --quiet: #545b6a; --accent: #3b5bdb; --on-accent: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --page: #101218; --surface: #191c24; --line: #343a47; --text: #eceef3; --quiet: #aab1c0; --accent: #94a9ff; --on-accent: #10142a; }
}
* { box-sizing: border-box; }
body { margin: 0; padding: 4rem 1rem; background: var(--page); color: var(--text); }
main { max-width: 26.25rem; margin: 0 auto; padding: 2rem; border: 1px solid var(--line); border-radius: 16px; background: var(--surface); }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 0.5rem; }
p { margin: 0 0 1.5rem; color: var(--quiet); }
a { display: block; padding: 0.625rem 1rem; border: 1px solid transparent; border-radius: 10px; background: var(--accent); color: var(--on-accent); font-weight: 600; text-align: center; text-decoration: none; }
a:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
a.quiet { background: none; border-color: var(--line); color: inherit; }
small { display: block; color: var(--quiet); overflow-wrap: anywhere; }
`;

type Action = { readonly href: string; readonly label: string };

type Words = { readonly heading: string; readonly text: string; readonly action: Action; readonly someoneElse?: true };

const again = { href: "", label: "Try again" };
const start = { href: "/", label: "Go to the start" };

const WORDS: Readonly<Partial<Record<string, Words>>> = {
  upstream_unavailable: {
    heading: "The application is not answering",
    text: "You are still signed in. The application behind this page can't be reached right now.",
    action: again,
  },
  upstream_timeout: {
    heading: "The application takes too long",
    text: "You are still signed in. The application behind this page did not answer in time.",
    action: again,
  },
  dependency_unavailable: {
    heading: "We can't check this right now",
    text: "Your sign-in could not be checked. You have not been signed out. Please try again in a moment.",
    action: again,
  },
  forbidden: {
    heading: "This page is not open to you",
    text: "You have not done anything wrong: the account you use has no access here. If it should, ask the people who look after this application.",
    action: start,
    someoneElse: true,
  },
  passkeys_disabled: {
    heading: "This page needs a passkey",
    text: "Passkeys are turned off for your account, and this page can't be opened without one. Ask the people who look after this application to turn them on again.",
    action: start,
    someoneElse: true,
  },
  rate_limited: {
    heading: "Too many tries",
    text: "Please wait a minute, then try again.",
    action: start,
  },
  not_found: {
    heading: "There is nothing here",
    text: "The address may be mistyped.",
    action: start,
  },
};

const OTHER: Words = {
  heading: "That did not work",
  text: "The request could not be answered.",
  action: start,
};

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const link = ({ href, label }: Action, quiet = "") => `<p><a${quiet} href="${escapeHtml(href)}">${label}</a></p>`;

/** What a page is made with besides the problem. */
export type ErrorPlace = {
  readonly requestId: string;
  /** Where somebody else signs in, and comes back to the page from. */
  readonly signInElse: string;
};

/** A page in plain words for a person who loads a page and meets an error. Has no script and no inline style. */
export function errorPage(problem: Problem, { requestId, signInElse }: ErrorPlace): string {
  const { heading, text, action, someoneElse } = WORDS[problem.code] ?? OTHER;
  const other = someoneElse
    ? `\n${link({ href: signInElse, label: "Sign in as someone else" }, ' class="quiet"')}`
    : "";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${heading}</title>
<link rel="icon" href="/passbridge/favicon.svg">
<link rel="stylesheet" href="${ERROR_STYLE_PATH}">
</head>
<body>
<main>
<h1>${heading}</h1>
<p>${text}</p>
${link(action)}${other}
<small>Request ${escapeHtml(requestId)}</small>
</main>
</body>
</html>
`;
}
