import { readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dirname, "../../../gateway/data/aaguids");
const PATH = /^\/passbridge\/providers\/([0-9a-f-]{36})-(light|dark)\.svg$/;

type Providers = Readonly<Record<string, { readonly name: string; readonly light?: string; readonly dark?: string }>>;

const providers = JSON.parse(readFileSync(join(FOLDER, "providers.json"), "utf8")) as Providers;

/** The icon at a path as the gateway serves it; null for any other path. */
export function providerIcon(path: string): Buffer | null {
  const [, aaguid = "", scheme] = PATH.exec(path) ?? [];
  const file = providers[aaguid]?.[scheme === "dark" ? "dark" : "light"];
  return file === undefined ? null : readFileSync(join(FOLDER, "icons", file));
}

/** The provider of an AAGUID as the API tells it. */
export function provider(aaguid: string) {
  const known = providers[aaguid];
  if (!known) throw new Error(`nobody has the AAGUID ${aaguid}`);
  const path = (scheme: "light" | "dark") => known[scheme] && `/passbridge/providers/${aaguid}-${scheme}.svg`;
  return { name: known.name, icon_light: path("light") ?? null, icon_dark: path("dark") ?? null };
}
