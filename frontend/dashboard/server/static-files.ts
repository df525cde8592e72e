import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

export type StaticFile = { readonly body: Buffer; readonly type: string; readonly cacheControl: string };

export type StaticFiles = ReadonlyMap<string, StaticFile>;

/**
 * Reads the built page into memory: a few files, and no path of a request ever reaches the file system.
 * @returns the files by their URL path; index.html as `/`.
 * @throws Error when the folder holds no index.html.
 */
export async function loadStaticFiles(folder: string): Promise<StaticFiles> {
  const files = new Map<string, StaticFile>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const type = TYPES[extname(entry.name)];
    if (!entry.isFile() || !type) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(folder, file).split(sep).join("/")}`;
    // Names under assets carry a hash of their content.
    const cacheControl = path.includes("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
    files.set(path === "/index.html" ? "/" : path, { body: await readFile(file), type, cacheControl });
  }
  if (!files.has("/")) throw new Error(`The page is not built: there is no index.html in ${folder}`);
  return files;
}
