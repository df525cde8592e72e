import { type ErrorRequestHandler, type RequestHandler, Router } from "express";
import { z } from "zod";
import type { ConformanceCeremonies } from "../conformance/conformance-ceremonies.ts";
import { jsonBody } from "./json-body.ts";
import { loginFinishBody, registerFinishBody } from "./passkey-bodies.ts";
import { toProblem } from "./problem-handler.ts";
import { readBody } from "./request-body.ts";

const MAX_TEXT = 200;

const text = z.string().min(1).max(MAX_TEXT);
const userVerification = z.enum(["required", "preferred", "discouraged"]);
const extensions = z.record(z.string(), z.unknown()).optional();

/** ServerPublicKeyCredentialCreationOptionsRequest */
const attestationWish = z.object({
  username: text,
  displayName: text,
  authenticatorSelection: z
    .object({
      authenticatorAttachment: z.enum(["platform", "cross-platform"]).optional(),
      requireResidentKey: z.boolean().optional(),
      residentKey: z.enum(["required", "preferred", "discouraged"]).optional(),
      userVerification: userVerification.optional(),
    })
    .optional(),
  attestation: z.enum(["none", "indirect", "direct", "enterprise"]).default("none"),
  extensions,
});

/** ServerPublicKeyCredentialGetOptionsRequest */
const assertionWish = z.object({
  username: text,
  userVerification: userVerification.default("preferred"),
  extensions,
});

/** ServerPublicKeyCredential: `rawId` may be missing there, and an absent user handle is an empty text. */
const serverCredential = z
  .looseObject({ id: z.string(), response: z.looseObject({}) })
  .transform(({ response: { userHandle, ...response }, ...credential }) => ({
    rawId: credential.id,
    ...credential,
    response: userHandle === "" ? response : { ...response, userHandle },
  }));

const credentialOf = (body: unknown) => ({ credential: readBody(serverCredential, body) });

/** Answers with what `work` returns, as a ServerResponse that went well. */
const answer =
  (work: (body: unknown) => Promise<object | undefined>): RequestHandler =>
  async (request, response) => {
    response.json({ status: "ok", errorMessage: "", ...(await work(request.body)) });
  };

/** ServerResponse of a refusal. */
const failed: ErrorRequestHandler = (error, _request, response, _next) => {
  const { status, detail } = toProblem(error);
  response.status(status).json({ status: "failed", errorMessage: detail });
};

/**
 * The API of the FIDO2 server conformance tool (FIDO Alliance, "FIDO2: Conformance testing server API"), for
 * development alone: anyone may register there.
 */
export function createConformanceRoutes(ceremonies: ConformanceCeremonies): Router {
  const router = Router();
  router.use(jsonBody);
  router.post(
    "/attestation/options",
    answer(async (body) => ceremonies.attestationOptions(readBody(attestationWish, body))),
  );
  router.post(
    "/attestation/result",
    answer(async (body) => ceremonies.attestationResult(readBody(registerFinishBody, credentialOf(body)).credential)),
  );
  router.post(
    "/assertion/options",
    answer(async (body) => ceremonies.assertionOptions(readBody(assertionWish, body))),
  );
  router.post(
    "/assertion/result",
    answer(async (body) => ceremonies.assertionResult(readBody(loginFinishBody, credentialOf(body)).credential)),
  );
  router.use(failed);
  return router;
}
