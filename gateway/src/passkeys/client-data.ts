import { z } from "zod";
import { hasRepeatedMember } from "../repeated-members.ts";

/**
 * The members of CollectedClientData (WebAuthn L3, 5.8.1) that say whether the page stood in a foreign frame.
 * The library lets `crossOrigin` pass at registration, and at authentication where `topOrigin` is missing.
 */
const framing = z.object({
  crossOrigin: z.literal(false).optional(),
  topOrigin: z.undefined().optional(),
});

/**
 * Refuses client data of a ceremony held in a cross-origin frame (WebAuthn L3, 7.1 steps 10–11, 7.2 steps 14–15).
 * @param clientDataJSON base64url.
 * @throws Error when the data are not readable, ambiguous, or tell of a foreign frame.
 */
export function requireTopLevelFrame(clientDataJSON: string): void {
  const text = Buffer.from(clientDataJSON, "base64url").toString("utf8");
  framing.parse(JSON.parse(text));
  // No client writes one twice (WebAuthn L3, 5.8.1.1), and the library reads the text by itself.
  if (hasRepeatedMember(text)) throw new Error("The client data have a member twice");
}
