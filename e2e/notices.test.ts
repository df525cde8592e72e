import { expect, test } from "vitest";
import { look } from "./support/look.ts";
import { provideShared } from "./support/shared.ts";
import { heading, join } from "./support/steps.ts";

const { origin, mail, people } = provideShared();

test("a passkey was made: the mail says so, and whoever did not make it gets back in from there", async () => {
  const ann = await people.arrive();
  await join(ann, mail, true);
  const { html, text } = await mail.waitFor(
    ann.email,
    ({ subject }) => subject === "A passkey was added to your account",
  );
  expect(text).toMatch(/^Where: Chrome on Linux, IP address (127\.0\.0\.1|::1)$/m);

  const owner = await people.moveOn(ann);
  await owner.page.setContent(html);
  await look(owner.page, "mail-passkey-added");
  const button = owner.page.getByRole("link", { name: "This was not me" });
  expect(await button.getAttribute("href")).toBe(`${origin}/recover?reason=not_me`);
  await button.click();
  await heading(owner.page, "Get back in").waitFor();
});

test("the gateway serves the help page to anybody", async () => {
  const ann = await people.arrive();
  await ann.open("/help#lost");
  await heading(ann.page, "Help with passkeys").waitFor();
  await heading(ann.page, "I lost my device").waitFor();
});
