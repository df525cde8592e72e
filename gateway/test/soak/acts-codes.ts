import { change, chosen, codeIn, type Do, refused } from "./acts.ts";
import { nowIn, nowUnsure } from "./soak-person.ts";

const makeCodes: Do = async (act) => {
  const { person, device } = act;
  const voided = () => {
    person.unsureCodes.push(...person.codes.splice(0));
    person.notices += 1;
  };
  const answer = await change(() => device.browser.post("/api/recovery-codes"), voided);
  if (answer.status !== 201) return refused(act, answer);
  voided();
  person.spentCodes.push(...person.unsureCodes.splice(0));
  person.codes.push(...((await answer.json()) as { codes: string[] }).codes);
  return "made";
};

/** Signs in by a code that was not used. */
const useCode: Do = async (act) => {
  const { deps, person, device } = act;
  if (device.state !== "out") return "signed in already";
  const [code] = person.codes;
  if (code === undefined) return "has no code";
  const drop = () => person.codes.splice(person.codes.indexOf(code), 1);
  const answer = await change(
    () => device.browser.post("/api/auth/recovery-code", { email: person.email, code }),
    () => {
      person.unsureCodes.push(...drop());
      person.notices += 1;
      nowUnsure(device);
    },
  );
  const failed = (await codeIn(answer)) === "recovery_failed";
  deps.ledger.check("codeKept", !failed, () => `${person.email}: an unused code is refused`);
  if (failed) drop();
  if (answer.status !== 200) return String(answer.status);
  person.spentCodes.push(...drop());
  person.notices += 1;
  nowIn(device);
  return "signed in";
};

const useSpentCode: Do = async ({ deps, person, device, choice }) => {
  const code = chosen(person.spentCodes, choice);
  if (code === undefined || device.state !== "out") return "has no spent code";
  const answer = await device.browser.post("/api/auth/recovery-code", { email: person.email, code });
  deps.ledger.check("codeOnce", answer.status !== 200, () => `${person.email}: a spent code is taken`);
  device.browser.cookies.clear();
  return String(answer.status);
};

/** Of recovery codes. */
export const CODES = { makeCodes, useCode, useSpentCode };
