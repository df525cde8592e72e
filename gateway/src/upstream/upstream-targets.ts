import { createAgent, createUpstreamTarget, type UpstreamTarget } from "./upstream-target.ts";

/** The servers requests are sent on to, each address with a pool of its own of connections kept open. */
export type UpstreamTargets = {
  readonly at: (url: URL) => UpstreamTarget;
  /** Closes every connection, those in use as well. */
  readonly close: () => void;
};

/** Node's agents keep their connections, and their limits, by address. */
export function createUpstreamTargets(): UpstreamTargets {
  const agents = { plain: createAgent("http:"), secure: createAgent("https:") };
  const targets = new Map<string, UpstreamTarget>();
  return {
    at: (url) => {
      const known = targets.get(url.href);
      if (known) return known;
      const target = createUpstreamTarget(url, {
        agent: url.protocol === "https:" ? agents.secure : agents.plain,
      });
      targets.set(url.href, target);
      return target;
    },
    close: () => {
      agents.plain.destroy();
      agents.secure.destroy();
    },
  };
}
