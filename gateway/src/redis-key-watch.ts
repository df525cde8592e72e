import { BasicPooledClientSideCache } from "redis";

/** Told of keys that were read over a connection and have changed since; null: any of them may have. */
export type OnKeyChange = (key: string | null) => void;

type CacheHook = BasicPooledClientSideCache["handleCache"];

/**
 * Has the server push word of keys that were read over a connection once anyone changes them (CLIENT TRACKING, RESP3),
 * and says so for all of them when the connection is lost, as later changes are not heard. Keeps nothing itself: what is
 * worth keeping is what a value was decoded to.
 */
export class KeyWatch extends BasicPooledClientSideCache {
  readonly #onChange: OnKeyChange;

  constructor(onChange: OnKeyChange) {
    super({ maxEntries: 1, recordStats: false });
    this.#onChange = onChange;
  }

  override async handleCache(...[, parser, ask, transform, types]: Parameters<CacheHook>): ReturnType<CacheHook> {
    const reply = await ask();
    return transform ? transform(reply, parser.preserve, types) : reply;
  }

  override invalidate(key: Parameters<BasicPooledClientSideCache["invalidate"]>[0]): void {
    this.#onChange(key === null ? null : key.toString());
  }

  override clear(): void {
    this.#onChange(null);
  }
}
