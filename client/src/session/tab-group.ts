import type { Channel, Tab } from "./tab.ts";

export type TabGroup<Message> = {
  /** Whether this tab polls for all. */
  readonly leading: () => boolean;
  /** Begins to stand for leader: for a tab that is seen. */
  readonly stand: () => void;
  /** Gives the lead away, to the next visible tab. */
  readonly resign: () => void;
  readonly post: (message: Message) => void;
  readonly close: () => void;
};

export type TabGroupOptions<Message> = {
  name: string;
  tab: Tab;
  onLead: () => void;
  onMessage: (message: Message) => void;
};

/**
 * Makes the group of a browser's tabs that watch the same gateway: one of the visible ones leads, chosen by a Web Lock
 * (which the browser hands on when the leader's tab is closed or crashes), and all hear each other on a channel. Where
 * the browser lacks either, or refuses the lock, every tab leads itself.
 */
export function createTabGroup<Message>(options: TabGroupOptions<Message>): TabGroup<Message> {
  const { name, tab, onLead, onMessage } = options;
  const { locks } = tab;
  const channel: Channel | undefined = locks && tab.openChannel?.(name);
  let candidacy: AbortController | undefined;
  let leading = false;

  if (channel) channel.onmessage = (event) => onMessage(event.data as Message);

  function lead(): void {
    leading = true;
    onLead();
  }

  function stand(): void {
    if (candidacy) return;
    const own = new AbortController();
    candidacy = own;
    if (!locks || !channel) {
      lead();
      return;
    }
    const heldUntilResigned = () =>
      new Promise<void>((resolve) => {
        if (own.signal.aborted) return resolve();
        own.signal.addEventListener("abort", () => resolve(), { once: true });
        lead();
      });
    locks.request(name, { signal: own.signal }, heldUntilResigned).catch(() => {
      if (!own.signal.aborted) lead();
    });
  }

  function resign(): void {
    leading = false;
    candidacy?.abort();
    candidacy = undefined;
  }

  return {
    leading: () => leading,
    stand,
    resign,
    post: (message) => channel?.postMessage(message),
    close() {
      resign();
      channel?.close();
    },
  };
}
