import type { PublicKeyCredentialCreationOptionsJSON } from "@simplewebauthn/server";
import type { Request } from "autocannon";
import type { Started } from "../../../gateway/test/support/passkey-steps.ts";
import { createSoftwareAuthenticator } from "../../../gateway/test/support/software-authenticator.ts";
import { addStrangers, describeScans, tableScans } from "../../../gateway/test/support/table-growth.ts";
import { applyLoad } from "../load.ts";
import { cookieHeader, createPasskeySession } from "../people.ts";
import type { Bench } from "../processes.ts";
import type { Server } from "../programs.ts";
import type { Side, Work } from "../rounds.ts";
import type { Scale } from "../scale.ts";
import { createCeremonySide, send } from "./ceremonies.ts";

const FEW = 100;

/** A gateway and how many credentials its database holds. */
type Sized = { readonly gateway: Server; readonly origin: string; readonly size: number; readonly owners: number };

const nameOf = ({ size }: Sized) => `gateway, ${size.toLocaleString("en")} credentials`;

async function listSide(sized: Sized): Promise<Side> {
  const cookie = cookieHeader(await createPasskeySession(sized.origin));
  const name = nameOf(sized);
  const request = { url: `${sized.gateway.address}/api/passkeys`, headers: { cookie } };
  return { name, pid: sized.gateway.pid, measure: (milliseconds) => applyLoad(name, milliseconds, request) };
}

async function loginSide(sized: Sized): Promise<Side> {
  return { ...(await createCeremonySide(sized, sized.owners)), name: nameOf(sized) };
}

type Addition = { started?: Started<PublicKeyCredentialCreationOptionsJSON>; id?: string; cookie?: string };

/** Adds a passkey and removes it again, so that nobody's list grows. */
function registerSteps(origin: string, cookies: readonly string[]): Request[] {
  let begun = 0;
  return [
    {
      setupRequest: (request, context: Addition) => {
        context.cookie = cookies[begun % cookies.length] ?? "";
        begun += 1;
        return { ...request, ...send({ origin, cookie: context.cookie }, "POST", "/api/passkeys/register/start") };
      },
      onResponse: (status, body, context: Addition) => {
        if (status === 200) context.started = JSON.parse(body);
      },
    },
    {
      setupRequest: (request, { cookie = "", started }: Addition) => {
        if (!started) throw new Error("The ceremony did not start");
        const credential = createSoftwareAuthenticator({ origin }).register(started.options);
        const finish = { ceremony_id: started.ceremony_id, credential };
        return { ...request, ...send({ origin, cookie }, "POST", "/api/passkeys/register/finish", finish) };
      },
      onResponse: (status, body, context: Addition) => {
        if (status === 201) context.id = JSON.parse(body).passkey.id;
      },
    },
    {
      setupRequest: (request, { cookie = "", id }: Addition) => ({
        ...request,
        ...send({ origin, cookie }, "DELETE", `/api/passkeys/${id}`),
      }),
    },
  ];
}

async function registerSide(sized: Sized): Promise<Side> {
  const name = nameOf(sized);
  const cookies: string[] = [];
  while (cookies.length < sized.owners) cookies.push(cookieHeader(await createPasskeySession(sized.origin)));
  const requests = () => registerSteps(sized.origin, cookies);
  return {
    name,
    pid: sized.gateway.pid,
    measure: async (milliseconds) => {
      const { done, seconds } = await applyLoad(name, milliseconds, {
        url: sized.gateway.address,
        requests: requests(),
      });
      return { done: done / 3, seconds };
    },
  };
}

const SIDES: Readonly<Record<string, (sized: Sized) => Promise<Side>>> = {
  "list of one's passkeys": listSide,
  "passkey login, start + finish": loginSide,
  "passkey added and removed": registerSide,
};

/** What a person does when the tables are large, against the same when they are small: ratios below 1 are a cost of growth. */
export async function createGrowthWorks(bench: Bench, { credentials, owners }: Scale): Promise<Work[]> {
  const databaseUrl = await bench.stack.createDatabase("growth");
  const grown = { ...(await bench.startSecondGateway(databaseUrl)), size: credentials, owners };
  const young = { gateway: bench.gateway, origin: bench.origin, size: FEW, owners };
  await addStrangers(bench.stack.databaseUrl, FEW);
  await addStrangers(databaseUrl, credentials);
  const works: Work[] = [];
  for (const [name, sideOf] of Object.entries(SIDES)) {
    const before = await tableScans(databaseUrl);
    const remark = async () => describeScans(before, await tableScans(databaseUrl));
    works.push({ name, gateway: await sideOf(grown), baselines: [await sideOf(young)], remark });
  }
  return works;
}
