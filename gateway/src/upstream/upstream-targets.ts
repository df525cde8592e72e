import { createUpstreamTarget, type UpstreamTarget } from "./upstream-target.ts";

/** The servers requests are sent on to, each with its connections kept open; the same address is the same server. */
export type UpstreamTargets = {
  readonly at: (url: URL) => UpstreamTarget;
  /** Closes every connection, those in use as well. */
  readonly close: () => void;
};

export function createUpstreamTargets(): UpstreamTargets {
  const targets = new Map<string, UpstreamTarget>();
  return {
    at: (url) => {
      const known = targets.get(url.href);
      if (known) return known;
      const target = createUpstreamTarget(url);
      targets.set(url.href, target);
      return target;
    },
    close: () => {
      for (const target of targets.values()) target.close();
    },
  };
}
