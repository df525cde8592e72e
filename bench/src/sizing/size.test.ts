import { expect, it } from "vitest";
import { sizeOf } from "./size.ts";

const measured = {
  redis_bytes_per_session: 1_000,
  redis_bytes_per_challenge: 500,
  gateway_bytes_per_person: 800,
  kratos_bytes_per_person: 2_400,
  kratos_calls_per_password_user_per_minute: 12,
  kratos_calls_per_passkey_user_per_minute: 2,
};
const assumed = {
  active_share: 0.02,
  session_share: 0.1,
  passkey_share: 0.5,
  requests_per_active_person_per_minute: 6,
  sign_ins_per_identity_per_day: 0.5,
  peak_factor: 3,
  utilisation: 0.5,
};

it("works out what a million identities need", () => {
  const size = sizeOf(1_000_000, measured, assumed, { proxied: 1_000, whoami: 500 });
  expect(size).toMatchObject({ requests: 2_000, gateways: 6, gatewayBytes: 800e6, kratosBytes: 2_400e6 });
  // 50,000 sessions, and five minutes of 17.4 sign-ins a second.
  expect(size.redisBytes).toBeCloseTo(50_000 * 1_000 + 5_208.3 * 500, -3);
});

it("lets no cache ask more often than people do, and counts each replica's cache", () => {
  const size = sizeOf(1_000_000, measured, assumed, { proxied: 1_000, whoami: 500 });
  expect(size.kratosCalls).toBeCloseTo(2_000);
  expect(size.kratosCallsSticky).toBeCloseTo((10_000 * 6 + 10_000 * 2) / 60);
  expect(size.kratosProcesses).toBe(10);
});
