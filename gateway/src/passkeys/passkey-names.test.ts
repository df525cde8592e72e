import { expect, test } from "vitest";
import { suggestName } from "./passkey-names.ts";

const GOOGLE = "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4";
const UNKNOWN = "00000000-0000-0000-0000-000000000000";

test.each([
  [GOOGLE, [], "Google Password Manager"],
  [GOOGLE.toUpperCase(), [], "Google Password Manager"],
  [GOOGLE, ["Google Password Manager"], "Google Password Manager 2"],
  [GOOGLE, ["Google Password Manager", "Google Password Manager 2"], "Google Password Manager 3"],
  [UNKNOWN, [], "Passkey"],
  [UNKNOWN, ["Passkey", "Passkey 3"], "Passkey 2"],
])("%s beside %j is called %s", (aaguid, taken, name) => {
  expect(suggestName(aaguid, taken)).toBe(name);
});
