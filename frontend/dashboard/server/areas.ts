/** Parts of the sample application with a rule of their own in gateway.yml; each answers what came along below it. */
export const AREAS = ["public", "admin-area", "payments"] as const;

export type Area = (typeof AREAS)[number];

/** The area a path lies in, if any. */
export function areaOf(path: string): Area | null {
  const [, first] = path.split("/");
  return AREAS.find((area) => area === first) ?? null;
}

/** Where the page of an area, or of none, asks what came along: below the area, so that its rule decides on that too. */
export const identityPath = (area: Area | null) => (area === null ? "/sample/identity" : `/${area}/identity`);
