import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { runCommand } from "../run-command.ts";

/** The process that listens on a port. */
export type PortOwner = { readonly pid: number; readonly command: string };

const LISTENING = "0A";

/** proc(5), /proc/net/tcp: local address, state and inode of each socket. */
function listeningInodes(port: number): Set<string> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const inodes = new Set<string>();
  for (const file of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of readLines(file)) {
      const fields = line.trim().split(/\s+/);
      if (fields[1]?.endsWith(suffix) && fields[3] === LISTENING && fields[9]) inodes.add(`socket:[${fields[9]}]`);
    }
  }
  return inodes;
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    return [];
  }
}

function holdsOneOf(pid: string, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => inodes.has(linkOf(`/proc/${pid}/fd/${fd}`)));
  } catch {
    return false;
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

function findOwnerInProc(port: number): PortOwner | null {
  const inodes = listeningInodes(port);
  if (inodes.size === 0) return null;
  const pid = readdirSync("/proc").find((entry) => /^\d+$/.test(entry) && holdsOneOf(entry, inodes));
  if (!pid) return null;
  return { pid: Number(pid), command: commandOf(readLines(`/proc/${pid}/cmdline`)[0] ?? "") };
}

/** The program, and the script it runs if it is an interpreter: `node server.js` says more than the thread's name. */
export function commandOf(commandLine: string): string {
  const [program = "", script = ""] = commandLine.split("\0");
  const shown = [program, script.startsWith("-") ? "" : script].filter(Boolean);
  return shown.map((path) => basename(path)).join(" ");
}

async function findOwnerByLsof(port: number): Promise<PortOwner | null> {
  const { stdout } = await runCommand("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"]);
  const pid = /^p(\d+)$/m.exec(stdout)?.[1];
  return pid ? { pid: Number(pid), command: /^c(.+)$/m.exec(stdout)?.[1] ?? "" } : null;
}

/** Who listens on a TCP port, or null when it cannot be had (another account's process, or nobody). */
export async function findPortOwner(port: number): Promise<PortOwner | null> {
  return process.platform === "linux" ? findOwnerInProc(port) : findOwnerByLsof(port);
}
