import { chmodSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { postgresDataDir } from "../manage/postgres-data-dir.ts";
import { isReachableByOthers, makeOwnedFolder } from "./unprivileged-user.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "passbridge-user-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("folders for another account", () => {
  it("are private, below folders that let it pass", () => {
    chmodSync(folder, 0o711);
    const owned = join(folder, "above", "data");
    makeOwnedFolder(owned, null);
    expect(statSync(owned).mode & 0o777).toBe(0o700);
    expect(isReachableByOthers(owned)).toBe(true);
  });

  it("lie elsewhere when root's installation is closed to others", () => {
    expect(isReachableByOthers(join(folder, "data"))).toBe(false);
    expect(postgresDataDir(folder, true)).toMatch(/^\/var\/lib\/passbridge\/[0-9a-f]{12}\/postgres$/);
    expect(postgresDataDir(folder, false)).toBe(join(folder, "postgres"));
    chmodSync(folder, 0o711);
    expect(postgresDataDir(folder, true)).toBe(join(folder, "postgres"));
  });
});
