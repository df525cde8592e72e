import type { Page } from "playwright-core";

/** What the browser was told of the account's passkeys (WebAuthn L3, 5.1.10), and by which method. */
export type Heard = { readonly signal: string; readonly options: Record<string, unknown> };

/** Has the browser write down what it is told, in place of doing it; from the next page on. */
export async function listen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const heard: unknown[] = [];
    Object.assign(window, { heard });
    for (const signal of ["signalAllAcceptedCredentials", "signalCurrentUserDetails", "signalUnknownCredential"]) {
      Object.assign(PublicKeyCredential, {
        [signal]: async (options: unknown) => void heard.push({ signal, options }),
      });
    }
  });
}

/** All it was told since the page was loaded, oldest first. */
export function heardBy(page: Page): Promise<Heard[]> {
  return page.evaluate(() => (window as unknown as { heard: Heard[] }).heard);
}
