import type { PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/server";
import type { Request } from "autocannon";
import type { Started } from "../../../gateway/test/support/passkey-steps.ts";
import { applyLoad } from "../load.ts";
import { cookieHeader, createPasskeyOwner, type PasskeyOwner } from "../people.ts";
import type { Bench } from "../processes.ts";
import type { Run, Side, Work } from "../rounds.ts";
import type { Scale } from "../scale.ts";
import { quantile } from "../statistics.ts";

const VERIFICATION = import.meta.resolve("../baselines/verification.ts");

/** What the load tool hands from the start of a ceremony to its finish. */
type CeremonyContext = {
  owner?: PasskeyOwner;
  /** Milliseconds, of performance.now(). */
  began?: number;
  started?: Started<PublicKeyCredentialRequestOptionsJSON>;
};

/** A request for the load tool, as a page of the gateway sends it. */
export const send = (
  { origin, cookie }: { readonly origin: string; readonly cookie: string },
  method: "POST" | "DELETE",
  path: string,
  json: object = {},
): Request => ({
  method,
  path,
  headers: { origin, "sec-fetch-site": "same-origin", "content-type": "application/json", cookie },
  body: JSON.stringify(json),
});

const post = ({ browser }: PasskeyOwner, path: string, json: object) =>
  send({ origin: browser.origin, cookie: cookieHeader(browser) }, "POST", path, json);

/**
 * Start and finish in turn; each ceremony is the next owner's.
 * @param onDone told how many milliseconds a whole ceremony took, the authenticator's signature included.
 */
function ceremonySteps(owners: readonly PasskeyOwner[], onDone: (milliseconds: number) => void): Request[] {
  let ceremonies = 0;
  const nextOwner = () => {
    const owner = owners[ceremonies % owners.length];
    if (!owner) throw new Error("A ceremony needs the owner of a passkey");
    ceremonies += 1;
    return owner;
  };
  return [
    {
      setupRequest: (request, context: CeremonyContext) => {
        context.owner = nextOwner();
        context.began = performance.now();
        return { ...request, ...post(context.owner, "/api/passkeys/login/start", {}) };
      },
      onResponse: (status, body, context: CeremonyContext) => {
        if (status === 200) context.started = JSON.parse(body);
      },
    },
    {
      setupRequest: (request, { owner, started }: CeremonyContext) => {
        if (!owner || !started) throw new Error("The ceremony did not start");
        const credential = owner.authenticator.authenticate(started.options);
        const finish = { ceremony_id: started.ceremony_id, credential };
        return { ...request, ...post(owner, "/api/passkeys/login/finish", finish) };
      },
      onResponse: (status, _body, { began = 0 }: CeremonyContext) => {
        if (status === 200) onDone(performance.now() - began);
      },
    },
  ];
}

async function createOwners(origin: string, count: number): Promise<PasskeyOwner[]> {
  const owners: PasskeyOwner[] = [];
  while (owners.length < count) {
    const owner = await createPasskeyOwner(origin);
    // Gives the browser the cookie that its ceremonies are bound to.
    await owner.browser.post("/api/passkeys/login/start");
    owners.push(owner);
  }
  return owners;
}

async function bareVerification(bench: Bench): Promise<Side> {
  const { address, pid } = await bench.startBaseline({ program: VERIFICATION });
  const measure = async (milliseconds: number) => {
    const response = await fetch(address, { method: "POST", body: String(milliseconds) });
    if (response.status !== 200) throw new Error("The bare verification did not do its work");
    return (await response.json()) as Run;
  };
  return { name: "bare verifyAuthenticationResponse", pid, measure };
}

/**
 * The gateway doing whole passkey sign-ins: start, the authenticator's signature, finish.
 * @param people how many take turns.
 */
export async function createCeremonySide(
  { gateway, origin }: Pick<Bench, "gateway" | "origin">,
  people: number,
  onDone: (milliseconds: number) => void = () => undefined,
): Promise<Side> {
  const { address, pid } = gateway;
  const owners = await createOwners(origin, people);
  const measure = async (milliseconds: number) => {
    const { done, seconds } = await applyLoad("gateway", milliseconds, {
      url: address,
      requests: ceremonySteps(owners, onDone),
    });
    return { done: done / 2, seconds };
  };
  return { name: "gateway", pid, measure };
}

export async function createCeremonyWorks(bench: Bench, { owners }: Scale): Promise<Work[]> {
  const durations: number[] = [];
  const gateway = await createCeremonySide(bench, owners, (milliseconds) => durations.push(milliseconds));
  const remark = async () => {
    if (durations.length === 0) return "no ceremony came to its end";
    const [median, p99] = [0.5, 0.99].map((share) => quantile(durations, share).toFixed(1));
    return `a whole ceremony, warm-up included: median ${median} ms, p99 ${p99} ms`;
  };
  return [{ name: "passkey login, start + finish", gateway, baselines: [await bareVerification(bench)], remark }];
}
