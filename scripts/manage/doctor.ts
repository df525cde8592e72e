import { existsSync, statSync } from "node:fs";
import { CHECKOUT } from "../checkout.ts";
import { isPortFree } from "../free-port.ts";
import { SERVICES } from "../services.ts";
import type { Context } from "./context.ts";
import { freeBytes, NEEDED_BYTES } from "./disk.ts";
import { dockerStates } from "./docker.ts";
import { currentMode } from "./mode.ts";
import { nativeStates, type ServiceState } from "./native-state.ts";
import type { Output } from "./output.ts";
import { findPortOwner } from "./port-owner.ts";
import { portsOf } from "./ports.ts";
import { settingFindings } from "./setting-findings.ts";
import { type Finding, versionFindings } from "./version-findings.ts";

function diskFinding(): Finding {
  const free = freeBytes(CHECKOUT);
  return {
    ok: free >= NEEDED_BYTES,
    text: `Disk: ${(free / 1e9).toFixed(1)} GB free (needs ${NEEDED_BYTES / 1e9} GB)`,
  };
}

function fileFindings({ envFile }: Context): Finding[] {
  if (!existsSync(envFile)) return [{ ok: true, text: "Settings file: none yet; the first start makes it" }];
  const isPrivate = (statSync(envFile).mode & 0o077) === 0;
  const remedy = isPrivate
    ? "readable by its owner only"
    : `holds secrets and is readable by others; run chmod 600 ${envFile}`;
  return [{ ok: isPrivate, text: `Settings file ${envFile}: ${remedy}` }];
}

async function portFindings(context: Context, states: readonly ServiceState[]): Promise<Finding[]> {
  const stopped = SERVICES.filter((service) => states.some((s) => s.name === service.name && s.state === "stopped"));
  const ports = stopped.flatMap((service) => portsOf(service, context.settings));
  return Promise.all(
    ports.map(async ({ service, setting, port }) => {
      if (await isPortFree(port)) return { ok: true, text: `Port ${port} is free for ${service}` };
      const owner = await findPortOwner(port);
      const holder = owner ? `${owner.command} (process ${owner.pid})` : "another program";
      return {
        ok: false,
        text: `Port ${port}, which ${service} needs, is held by ${holder}; free it or set ${setting}`,
      };
    }),
  );
}

function serviceFindings(states: readonly ServiceState[]): Finding[] {
  if (states.every((state) => state.state === "stopped")) return [{ ok: true, text: "Services: none started" }];
  return states.map(({ name, state, detail }) => {
    return { ok: state === "running", text: `Service ${name}: ${state}${detail ? `: ${detail}` : ""}` };
  });
}

/**
 * ./manage.sh doctor: looks at everything and changes nothing.
 * @returns the exit code: 0 when nothing is wrong, else 1.
 */
export async function doctor(context: Context, output: Output): Promise<number> {
  const states = currentMode(context) === "docker" ? await dockerStates(context) : await nativeStates(context);
  const findings = [
    ...(await versionFindings()),
    diskFinding(),
    ...fileFindings(context),
    ...(await settingFindings(context)),
    ...(await portFindings(context, states)),
    ...serviceFindings(states),
  ];
  for (const { ok, text } of findings) output.line(`${ok ? "✓ ok    " : "✗ fault "} ${text}`);
  const faults = findings.filter((finding) => !finding.ok).length;
  output.line();
  output.line(faults === 0 ? "No fault found." : `${faults} ${faults === 1 ? "fault" : "faults"} found.`);
  return faults === 0 ? 0 : 1;
}
