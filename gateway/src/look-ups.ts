import { LRUCache } from "lru-cache";
import type { Soon } from "./soon.ts";

/** A session takes about 2 kB. */
const MAX_ENTRIES = 10_000;

export type LookUps<Answer> = {
  /** The kept answer at once, or a new one: identical concurrent questions are one. Rejects as the question does. */
  readonly get: (key: string, ask: () => Promise<Answer>) => Soon<Answer>;
  /** Forgets what is known, at once. An answer under way is given to those who wait, but not kept. */
  readonly drop: (key: string) => void;
  /** The same for every answer that has the tag. An answer under way may have it, and is not kept either. */
  readonly dropTagged: (tag: string) => void;
  readonly clear: () => void;
};

export type LookUpsOptions<Answer> = {
  /** Milliseconds an answer is kept; 0 keeps nothing. */
  readonly ttl: number;
  readonly isKept?: (answer: Answer) => boolean;
  /** What an answer is about, so that it can be dropped without its key. */
  readonly tagsOf?: (answer: Answer) => readonly string[];
};

/** Which keys have a tag. */
function createTags() {
  const keysOf = new Map<string, Set<string>>();
  return {
    add: (key: string, tags: readonly string[]) => {
      for (const tag of tags) {
        const keys = keysOf.get(tag) ?? new Set();
        keysOf.set(tag, keys.add(key));
      }
    },
    remove: (key: string, tags: readonly string[]) => {
      for (const tag of tags) {
        const keys = keysOf.get(tag);
        keys?.delete(key);
        if (keys?.size === 0) keysOf.delete(tag);
      }
    },
    keys: (tag: string) => [...(keysOf.get(tag) ?? [])],
  };
}

/** Answers kept close for a short time, so that a question asked for every request costs little. */
export function createLookUps<Answer extends object>({
  ttl,
  isKept = () => true,
  tagsOf = () => [],
}: LookUpsOptions<Answer>): LookUps<Answer> {
  const tags = createTags();
  const answers = new LRUCache<string, Answer>({
    max: MAX_ENTRIES,
    ...(ttl > 0 && { ttl }),
    dispose: (answer, key) => tags.remove(key, tagsOf(answer)),
  });
  const keep = (key: string, answer: Answer) => {
    answers.set(key, answer);
    tags.add(key, tagsOf(answer));
  };
  const pending = new Map<string, Promise<Answer>>();

  const look = (key: string, ask: () => Promise<Answer>): Promise<Answer> => {
    const asked = ask().then(
      (answer) => {
        if (pending.get(key) !== asked) return answer;
        pending.delete(key);
        if (ttl > 0 && isKept(answer)) keep(key, answer);
        return answer;
      },
      (error: unknown) => {
        if (pending.get(key) === asked) pending.delete(key);
        throw error;
      },
    );
    pending.set(key, asked);
    return asked;
  };

  return {
    get: (key, ask) => answers.get(key) ?? pending.get(key) ?? look(key, ask),
    drop: (key) => {
      answers.delete(key);
      pending.delete(key);
    },
    dropTagged: (tag) => {
      for (const key of tags.keys(tag)) answers.delete(key);
      pending.clear();
    },
    clear: () => {
      answers.clear();
      pending.clear();
    },
  };
}
