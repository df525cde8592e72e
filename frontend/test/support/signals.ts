import type { Page } from "playwright-core";

/** What the browser was told of the account's passkeys (WebAuthn L3, 5.1.10), and by which method. */
export type Heard = { readonly signal: string; readonly options: Record<string, unknown> };

const HEAR = "hearSignal";

/**
 * Writes down what the browser is told, in place of having it done; from the next page on.
 * @returns all of it over all pages, oldest first, growing.
 */
export async function listen(page: Page): Promise<readonly Heard[]> {
  const heard: Heard[] = [];
  await page.exposeFunction(HEAR, (told: Heard) => void heard.push(told));
  await page.addInitScript((hear) => {
    const tell = (told: object) => (Reflect.get(window, hear) as (told: object) => Promise<void>)(told);
    for (const signal of ["signalAllAcceptedCredentials", "signalCurrentUserDetails", "signalUnknownCredential"]) {
      Object.assign(PublicKeyCredential, { [signal]: (options: unknown) => tell({ signal, options }) });
    }
  }, HEAR);
  return heard;
}
