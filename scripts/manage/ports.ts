import { Failure } from "../failure.ts";
import { isPortFree } from "../free-port.ts";
import type { Service } from "../services.ts";
import type { SettingName, Settings } from "../settings.ts";
import { findPortOwner, type PortOwner } from "./port-owner.ts";

export type ServicePort = { readonly service: string; readonly setting: SettingName; readonly port: number };

/** The ports a service listens on, by the settings that name them. */
export function portsOf(service: Service, settings: Settings): ServicePort[] {
  return service.ports.map((setting) => ({ service: service.name, setting, port: Number(settings[setting]) }));
}

/** What to tell about a port that is taken. */
export function portInUse({ service, setting, port }: ServicePort, owner: PortOwner | null): Failure {
  const holder = owner ? ` by ${owner.command} (process ${owner.pid})` : "";
  return new Failure(
    `Port ${port}, which ${service} needs, is in use${holder}.`,
    `Stop that program, or choose another port: ${setting}=${port + 1} ./manage.sh start`,
  );
}

/**
 * Makes sure that a service can listen.
 * @throws Failure naming the first port that is taken, who holds it, and the setting that moves it.
 */
export async function requireFreePorts(ports: readonly ServicePort[]): Promise<void> {
  for (const entry of ports) {
    if (!Number.isInteger(entry.port) || entry.port < 1 || entry.port > 65_535) {
      throw new Failure(`${entry.setting} is not a port.`, `Set ${entry.setting} to a number from 1 to 65535.`);
    }
    if (!(await isPortFree(entry.port))) throw portInUse(entry, await findPortOwner(entry.port));
  }
}
