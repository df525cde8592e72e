import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CHECKOUT } from "../checkout.ts";
import { svgFaults } from "./svg-faults.ts";

const FOLDER = join(CHECKOUT, "gateway/data/aaguids");
const icons = readdirSync(join(FOLDER, "icons"));
const providers = JSON.parse(readFileSync(join(FOLDER, "providers.json"), "utf8")) as Record<
  string,
  { readonly name: string; readonly light?: string; readonly dark?: string }
>;

describe("the vendored icons", () => {
  test.each(icons)("%s is a still picture of its own", (icon) => {
    expect(svgFaults(readFileSync(join(FOLDER, "icons", icon), "utf8"))).toEqual([]);
  });

  test("are those the list names, neither more nor less", () => {
    const named = Object.values(providers).flatMap(({ light, dark }) => [light, dark].filter(Boolean));
    expect([...new Set(named)].toSorted()).toEqual(icons.toSorted());
  });
});

test("the list names every model once, and has no name for the AAGUID of zeros", () => {
  expect(Object.keys(providers).length).toBeGreaterThan(300);
  for (const [aaguid, { name }] of Object.entries(providers)) {
    expect(aaguid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(name).toBe(name.trim());
  }
  expect(providers).not.toHaveProperty("00000000-0000-0000-0000-000000000000");
});
