import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { findFrontProgram } from "./find-program.ts";
import { checkHttp } from "./http-check.ts";
import type { PartPlan } from "./part.ts";
import { findUnprivilegedUser, makeOwnedFolder } from "./unprivileged-user.ts";

export type NginxOptions = {
  /** A folder of its own, for what it writes. */
  readonly folder: string;
  /** The lines of its http block. */
  readonly http: string;
  /** A URL that answers 200 when it is ready. */
  readonly readyUrl: string;
};

const TEMPORARY = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

const configuration = ({ folder, http }: NginxOptions) => `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 4096; }
http {
  ${TEMPORARY.map((name) => `${name}_temp_path ${folder}/${name};`).join("\n  ")}
${http}
}
`;

/** An nginx with one worker on the loopback address. Throws Failure when nginx is not installed. */
export async function planNginx(options: NginxOptions): Promise<PartPlan> {
  const user = await findUnprivilegedUser();
  const file = join(options.folder, "nginx.conf");
  return {
    name: "nginx",
    command: findFrontProgram("nginx"),
    args: ["-p", options.folder, "-e", "stderr", "-c", file],
    env: { PATH: process.env.PATH },
    cwd: options.folder,
    user,
    readyTimeout: 20_000,
    prepare: async () => {
      makeOwnedFolder(options.folder, user);
      writeFileSync(file, configuration(options), { mode: 0o644 });
    },
    check: () => checkHttp(options.readyUrl),
  };
}
