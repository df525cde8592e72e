import { createServer } from "node:http";
import { verifyAuthenticationResponse, verifyRegistrationResponse } from "@simplewebauthn/server";
import { createSoftwareAuthenticator } from "../../../gateway/test/support/software-authenticator.ts";
import type { Run } from "../rounds.ts";
import { listen } from "./listen.ts";

const ORIGIN = "http://localhost:8080";
const RP_ID = "localhost";
const CHALLENGE = Buffer.alloc(32, 7).toString("base64url");
const CONCURRENT = 32;

async function prepare() {
  const authenticator = createSoftwareAuthenticator({ origin: ORIGIN });
  const rp = { id: RP_ID, name: "bench" };
  const user = { id: "dXNlcg", name: "user", displayName: "user" };
  const registered = await verifyRegistrationResponse({
    response: authenticator.register({ rp, user, challenge: CHALLENGE, pubKeyCredParams: [] }),
    expectedChallenge: CHALLENGE,
    expectedOrigin: ORIGIN,
    expectedRPID: RP_ID,
  });
  if (!registered.verified) throw new Error("The registration was refused");
  const { credential } = registered.registrationInfo;
  const response = authenticator.authenticate({ challenge: CHALLENGE, rpId: RP_ID });
  return { response, expectedChallenge: CHALLENGE, expectedOrigin: ORIGIN, expectedRPID: RP_ID, credential };
}

const expectation = await prepare();

/** Verifies the same assertion again and again until the time is over. */
async function verifyFor(milliseconds: number): Promise<Run> {
  const start = performance.now();
  let done = 0;
  const lane = async () => {
    while (performance.now() - start < milliseconds) {
      const { verified } = await verifyAuthenticationResponse(expectation);
      if (!verified) throw new Error("The assertion was refused");
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT }, lane));
  return { done, seconds: (performance.now() - start) / 1_000 };
}

/** POST with a number of milliseconds runs the loop and answers what it got done; anything else answers that it is there. */
listen(
  createServer(async (request, response) => {
    if (request.method !== "POST") return response.end("ready");
    let text = "";
    for await (const chunk of request) text += chunk;
    return response.end(JSON.stringify(await verifyFor(Number(text))));
  }),
);
