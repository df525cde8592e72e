import type { IdentityDirectory } from "../kratos/identity-directory.ts";
import type { SessionEndings } from "./session-endings.ts";

/** Together with the time the directory keeps an answer this is how late an identity that is gone is found. */
const INTERVAL = 1_000;
const AT_ONCE = 16;

/** Looks after an identity of which something outlives its request, until the function it returns is called. */
export type FollowIdentity = (identityId: string) => () => void;

/**
 * Finds out when an identity that is followed was deleted or deactivated in Kratos, which tells nobody, and ends its
 * sessions. One timer for all, which runs while anybody is followed; Kratos is asked as often as the directory does.
 */
export function createIdentityWatch(
  identities: IdentityDirectory,
  endings: Pick<SessionEndings, "announce">,
): FollowIdentity {
  const followers = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let looking = false;

  const look = async (identityId: string) => {
    const { kind } = await identities(identityId);
    if (kind === "gone") endings.announce({ identityId });
  };
  const lookAtAll = async () => {
    if (looking) return;
    looking = true;
    const left = [...followers.keys()];
    const work = async () => {
      for (let id = left.pop(); id !== undefined; id = left.pop()) await look(id);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    looking = false;
  };
  const leave = (identityId: string) => {
    const others = (followers.get(identityId) ?? 0) - 1;
    if (others > 0) followers.set(identityId, others);
    else followers.delete(identityId);
    if (followers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };

  return (identityId) => {
    followers.set(identityId, (followers.get(identityId) ?? 0) + 1);
    timer ??= setInterval(lookAtAll, INTERVAL).unref();
    let left = false;
    return () => {
      if (!left) leave(identityId);
      left = true;
    };
  };
}
