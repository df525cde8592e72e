import { expect, test } from "vitest";
import { codeSheet, sheetFileName, sheetText } from "./code-sheet.ts";

test("a sheet says whose codes they are, since when, and what they are for", () => {
  const made = new Date("2026-03-04T12:00:00Z");
  const sheet = codeSheet(["k7fm2-9xqpd", "00000-zzzzz"], "ann@example.com", made, "https://id.example.com");
  expect(sheetText(sheet)).toBe(
    [
      "Passbridge: recovery codes",
      "For ann@example.com, made on Mar 4, 2026.",
      "",
      "k7fm2-9xqpd",
      "00000-zzzzz",
      "",
      "Each code signs you in once, at https://id.example.com/recover/recovery-code",
      "",
    ].join("\r\n"),
  );
});

test.each([
  ["Passbridge", "passbridge-recovery-codes.txt"],
  ["Acme, Inc.", "acme-inc-recovery-codes.txt"],
  ["../../etc/passwd", "etc-passwd-recovery-codes.txt"],
  ["Größe 7", "größe-7-recovery-codes.txt"],
  ["!!!", "recovery-codes.txt"],
])("a file for %j is called %s", (name, file) => {
  expect(sheetFileName(name)).toBe(file);
});
