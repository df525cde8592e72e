import { findPostgresPrograms, findProgram } from "../parts/find-program.ts";
import { inspectGo } from "../parts/go-program.ts";
import { TOOLCHAIN_VERSION } from "../parts/go-toolchain.ts";
import { goForKratos, isKratosBuilt, kratosVersion } from "../parts/kratos-binary.ts";
import { runCommand } from "../run-command.ts";
import { isDockerUsable } from "./docker.ts";

/** One thing that was looked at. */
export type Finding = { readonly ok: boolean; readonly text: string };

const OLDEST_NODE = [22, 22] as const;

/** Whether this Node is new enough. */
export function nodeFinding(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const ok = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  return { ok, text: `Node ${version} (needs ${OLDEST_NODE.join(".")} or newer)` };
}

async function programFinding(name: string, path: string | null, versionArgs = ["--version"]): Promise<Finding> {
  if (!path) return { ok: false, text: `${name}: not installed; ./manage.sh start installs it` };
  const { stdout } = await runCommand(path, versionArgs, { cwd: "/" });
  return { ok: true, text: `${name}: ${stdout.trim().split("\n")[0]}` };
}

/** Whether Kratos is built, or what will build it. */
export async function kratosFinding(): Promise<Finding> {
  if (isKratosBuilt()) return { ok: true, text: `Kratos ${kratosVersion()}: built` };
  const subject = `Kratos ${kratosVersion()}: not built yet`;
  const go = await inspectGo(goForKratos());
  if (!go) return { ok: false, text: `${subject}, and Go, which builds it, is not installed` };
  const needed = goForKratos().join(".");
  const outlook = {
    itself: `the first start does it with ${go.words}`,
    "downloads-toolchain": `the first start does it with Go ${TOOLCHAIN_VERSION}, which ${go.words} downloads`,
    "too-old": `${go.words} is too old for that; install Go ${needed} or newer (https://go.dev/dl)`,
  };
  return { ok: go.use !== "too-old", text: `${subject}; ${outlook[go.use]}` };
}

/** Which programs are there, in which version. Where Docker works a missing native one is no fault. */
export async function versionFindings(): Promise<Finding[]> {
  const postgres = findPostgresPrograms();
  const docker = await isDockerUsable();
  const native = await Promise.all([
    programFinding("PostgreSQL", postgres && `${postgres}/postgres`),
    programFinding("Redis", findProgram("redis-server")),
    kratosFinding(),
  ]);
  const mail = findProgram("mailpit") ? "Mailpit" : "maildev, standing in for Mailpit";
  return [
    nodeFinding(),
    { ok: true, text: docker ? "Docker with compose answers" : "Docker: no working engine; services run natively" },
    ...native.map((finding) => (docker ? { ...finding, ok: true } : finding)),
    { ok: true, text: `Mail catcher: ${mail}` },
  ];
}
