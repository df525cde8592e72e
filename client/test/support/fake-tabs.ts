import type { Channel, Tab } from "../../src/session/tab.ts";

export type FakeTab = Tab & { readonly show: () => void; readonly hide: () => void; readonly online: () => void };

type Grant = (lock: Lock | null) => unknown;

/** Web Locks of one name, exclusive, first come first served: https://w3c.github.io/web-locks/ */
function createLocks() {
  const queue: Array<() => Promise<void>> = [];
  let held = false;

  function next(): void {
    const run = held ? undefined : queue.shift();
    if (!run) return;
    held = true;
    void run().finally(() => {
      held = false;
      next();
    });
  }

  function request(_name: string, options: LockOptions, grant: Grant): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const run = async () => {
        await Promise.resolve();
        try {
          resolve(await grant(null));
        } catch (error) {
          reject(error);
        }
      };
      queue.push(run);
      options.signal?.addEventListener("abort", () => {
        const place = queue.indexOf(run);
        if (place < 0) return;
        queue.splice(place, 1);
        reject(new DOMException("aborted", "AbortError"));
      });
      next();
    });
  }

  return { request: request as LockManager["request"] };
}

/** Channels of one name: what one posts, every other one hears, cloned and later. */
function createHub() {
  const channels = new Set<Channel>();
  return (): Channel => {
    const channel: Channel = {
      onmessage: null,
      postMessage(message: unknown) {
        const data = structuredClone(message);
        for (const other of channels) {
          if (other === channel) continue;
          queueMicrotask(() => other.onmessage?.call(other as BroadcastChannel, new MessageEvent("message", { data })));
        }
      },
      close: () => void channels.delete(channel),
    };
    channels.add(channel);
    return channel;
  };
}

function createTab(siblings: Pick<Tab, "locks" | "openChannel" | "openSource">): FakeTab {
  const listeners = new Set<() => void>();
  let visible = true;
  const wake = () => {
    for (const listener of listeners) listener();
  };
  const turn = (seen: boolean) => () => {
    visible = seen;
    wake();
  };
  return {
    ...siblings,
    visible: () => visible,
    onWake(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    show: turn(true),
    hide: turn(false),
    online: wake,
  };
}

/** A browser whose tabs share locks and channels. */
export function createFakeBrowser(): { readonly openTab: (openSource?: Tab["openSource"]) => FakeTab } {
  const locks = createLocks();
  const openChannel = createHub();
  return { openTab: (openSource) => createTab({ locks, openChannel, openSource }) };
}

/** A tab of a browser without Web Locks and BroadcastChannel. */
export function createLoneTab(openSource?: Tab["openSource"]): FakeTab {
  return createTab({ locks: undefined, openChannel: undefined, openSource });
}
