import { messageOf } from "../failure.ts";

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_INTERVAL = 100;
/** What is over sooner needs no progress. */
const QUIET_TIME = 2_000;

/** Where the commands speak to the operator. */
export type Output = {
  line(text?: string): void;
  /** Runs a task; when it takes more than two seconds its progress is shown. Returns what the task returns. */
  step<Value>(label: string, task: (note: (text: string) => void) => Promise<Value>): Promise<Value>;
};

function seconds(since: number): string {
  return `${((performance.now() - since) / 1_000).toFixed(1)} s`;
}

/** A spinner on a terminal that is wiped before anything else is written. */
function createSpinner(stream: NodeJS.WriteStream, label: string) {
  let frame = 0;
  const draw = () => stream.write(`\r\u001b[K${FRAMES[frame++ % FRAMES.length]} ${label}`);
  const timer = setInterval(draw, FRAME_INTERVAL);
  return () => {
    clearInterval(timer);
    stream.write("\r\u001b[K");
  };
}

/** A plain line once the task turns out to be slow, for logs. */
function createLateLine(stream: NodeJS.WriteStream, label: string) {
  const timer = setTimeout(() => stream.write(`… ${label}\n`), QUIET_TIME);
  return () => clearTimeout(timer);
}

/** Writes to the given stream: a spinner on a terminal, plain lines elsewhere. */
export function createOutput(stream: NodeJS.WriteStream = process.stdout): Output {
  const line = (text = "") => {
    stream.write(`${text}\n`);
  };
  const begin = (label: string) => (stream.isTTY ? createSpinner(stream, label) : createLateLine(stream, label));
  const step: Output["step"] = async (label, task) => {
    const started = performance.now();
    let end = begin(label);
    const note = (text: string) => {
      end();
      line(`… ${text}`);
      end = begin(label);
    };
    try {
      const value = await task(note);
      end();
      line(`✓ ${label} (${seconds(started)})`);
      return value;
    } catch (error) {
      end();
      line(`✗ ${label}: ${messageOf(error).split("\n")[0]}`);
      throw error;
    }
  };
  return { line, step };
}
