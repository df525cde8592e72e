import { expect, test } from "vitest";
import { toPasskey } from "./passkey.ts";

test("shows a credential as the contract does, without key, counter and owner", () => {
  const credential = {
    id: "AQID",
    identityId: "6f1c2a3e-0000-4000-8000-000000000001",
    publicKey: Buffer.from([1]),
    algorithm: -7,
    counter: 7,
    aaguid: "bada5566-a7aa-401f-bd96-45619a55120d",
    deviceType: "multi_device",
    backedUp: true,
    transports: ["internal"],
    attestation: "none",
    name: "Mine",
    addressProved: true,
    createdAt: new Date(0),
    lastUsedAt: null,
    lastUsedFrom: null,
  } as const;
  const shown = {
    id: "AQID",
    name: "Mine",
    aaguid: credential.aaguid,
    provider: {
      name: "1Password",
      icon_light: `/passbridge/providers/${credential.aaguid}-light.svg`,
      icon_dark: `/passbridge/providers/${credential.aaguid}-dark.svg`,
    },
    device_type: "multi_device",
    backed_up: true,
    transports: ["internal"],
    algorithm: -7,
    attestation: "none",
    created_at: "1970-01-01T00:00:00.000Z",
    last_used_at: null,
    last_used_from: null,
  };
  expect(toPasskey(credential)).toEqual(shown);
  const used = {
    ...credential,
    aaguid: "00000000-0000-0000-0000-000000000000",
    lastUsedAt: new Date(1_000),
    lastUsedFrom: { userAgent: "Firefox", ip: null },
  };
  expect(toPasskey(used)).toEqual({
    ...shown,
    aaguid: used.aaguid,
    provider: null,
    last_used_at: "1970-01-01T00:00:01.000Z",
    last_used_from: { user_agent: "Firefox", ip: null },
  });
});
