/** What some browsers can do beyond WebAuthn's basics; `immediateGet` is Chrome's own so far, with `uiMode`. */
export type BrowserCapability = "conditionalCreate" | "immediateGet";

type Asking = { readonly getClientCapabilities?: () => Promise<Readonly<Record<string, boolean>>> };

/** Whether the browser says it can (WebAuthn L3, 5.1.7); one that does not say cannot. */
export async function browserCan(capability: BrowserCapability): Promise<boolean> {
  const asking: Asking | undefined = globalThis.PublicKeyCredential;
  try {
    return (await asking?.getClientCapabilities?.())?.[capability] === true;
  } catch {
    return false;
  }
}
