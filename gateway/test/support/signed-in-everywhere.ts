import { createBrowser, type TestBrowser } from "./browser.ts";
import { createPasskeyFor, signInWithPasskey } from "./passkey-steps.ts";
import { createPerson, signIn, signUp, submit } from "./people.ts";

/** Signed in here and there with password and passkey, with a passkey alone in a third browser; and somebody else. */
export async function signInEverywhere(origin: string) {
  const open = () => createBrowser(origin);
  const person = createPerson();
  const [here, there, passkey, bystander] = [open(), open(), open(), open()];
  await signUp(here, person);
  const authenticator = await createPasskeyFor(here);
  await signInWithPasskey(here, authenticator);
  await signIn(there, person);
  await signInWithPasskey(there, authenticator);
  await signInWithPasskey(passkey, authenticator);
  await signUp(bystander, createPerson("bystander"));
  await signInWithPasskey(bystander, await createPasskeyFor(bystander));
  return { person, here, there, passkey, bystander };
}

/** Sets a new password by the account page's form. */
export function changePassword(browser: TestBrowser): Promise<Response> {
  return submit(browser, "settings", { method: "password", password: createPerson().password });
}
