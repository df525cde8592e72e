import { expect, test } from "vitest";
import type { Notice } from "./notice.ts";
import { renderNotice } from "./notice-mail.ts";
import { safeName } from "./notice-words.ts";

const identity = { id: "0b0e7b2a-33a8-4dcf-9a0c-0e3bb9c6d1b1", email: "ann@example.com", name: "Ann" };
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0";
const frame = {
  rpName: "Example & Co",
  publicUrl: new URL("https://login.example.com"),
  now: new Date("2026-03-01T23:05:00Z"),
};
const render = (event: Notice["event"], place: Notice["place"] = null) =>
  renderNotice({ identity, event, place }, frame);

const EVENTS: readonly [Notice["event"], string][] = [
  [{ kind: "passkey_added", passkeyName: "Laptop" }, "“Laptop” was added to your Example & Co account"],
  [{ kind: "passkey_removed", passkeyName: "Laptop" }, "“Laptop” was removed from your Example & Co account"],
  [{ kind: "passkeys_reset", count: 1 }, "An administrator removed the passkey"],
  [{ kind: "passkeys_reset", count: 3 }, "An administrator removed all 3 passkeys"],
  [{ kind: "recovery_code_used", remaining: 0 }, "your last recovery code"],
  [{ kind: "recovery_code_used", remaining: 1 }, "One code is left"],
  [{ kind: "recovery_code_used", remaining: 9 }, "9 codes are left"],
  [{ kind: "recovery_codes_created" }, "Older codes don't work any more"],
  [{ kind: "unproved_sign_in_removed", passkeyNames: ["Old"], password: true }, "- the passkey “Old”\n- the password"],
  [{ kind: "unproved_sign_in_removed", passkeyNames: [], password: true }, "- the password"],
];

test.each(EVENTS)("%j: what happened, when, and the way back, as text and as HTML", (event, words) => {
  const { subject, text, html } = render(event);
  expect(text).toContain(words);
  expect(text).toContain("When: 1 March 2026 at 23:05 (UTC)");
  expect(text).toContain("This was not me:\nhttps://login.example.com/recover?reason=not_me\n");
  expect(html).toContain('href="https://login.example.com/recover?reason=not_me"');
  expect(html).toContain(`<title>${subject}</title>`);
  expect(html).toContain("1 March 2026 at 23:05 (UTC)");
  expect(text + html).not.toMatch(/\{\w+\}|undefined|null/);
});

test("where from, as far as it is known", () => {
  const event = { kind: "recovery_codes_created" } as const;
  const where = (userAgent: string | null, ip: string | null) =>
    /Where: (.*)/.exec(render(event, { userAgent, ip }).text)?.[1];
  expect(where(FIREFOX, "203.0.113.7")).toBe("Firefox on Linux, IP address 203.0.113.7");
  expect(where("Windows <script>", null)).toBe("a browser on Windows");
  expect(where("curl/8", "2001:db8::1")).toBe("IP address 2001:db8::1");
  expect(where(null, null)).toBeUndefined();
});

test("what an administrator or a stranger did is not asked about", () => {
  expect(render({ kind: "passkeys_reset", count: 2 }).text).not.toContain("If this was you");
  expect(render({ kind: "passkey_added", passkeyName: "x" }).text).toContain("If this was you");
});

const HOSTILE = [
  "<img src=x onerror=alert(1)>",
  "\"'&<b>",
  "a\r\nBcc: victim@example.org\r\n\r\n<h1>b",
  "call http://evil.example/now or www.evil.example, me@evil.example",
  "\u202Etxt.exe\u2066",
];

test.each(HOSTILE)("the name %j stays a name", (passkeyName) => {
  const { subject, text, html } = render({ kind: "passkey_added", passkeyName }, null);
  expect(subject).toBe("A passkey was added to your account");
  expect(html).not.toMatch(/<(img|b|h1)>|<img|onerror=alert\(1\)>/);
  expect(html.match(/<h1/g)).toHaveLength(1);
  expect(text).not.toMatch(/^Bcc:/m);
  expect(text).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/u);
  // What a mail program would make a link of is ours alone.
  const links = `${text} ${html}`.match(/\w+:\/\/\S+|\bwww\.\w+|\S+@\w+\.\w+|\bevil\.\w+/g) ?? [];
  expect(links.filter((link) => !link.startsWith("https://login.example.com/recover"))).toEqual([]);
});

test("an honest name is shown as it is", () => {
  expect(safeName("Ann's phone 👩‍💻")).toBe("Ann's phone 👩‍💻");
  expect(safeName("Mr. Ång's YubiKey 5.7: blue")).toBe("Mr. Ång's YubiKey 5.7: blue");
  expect(safeName("see evil.example")).toBe("see evil. example");
});

test("the application's name is escaped in HTML", () => {
  const { html } = render({ kind: "recovery_codes_created" });
  expect(html).toContain("Example &amp; Co");
  expect(html).not.toContain("Example & Co");
});
