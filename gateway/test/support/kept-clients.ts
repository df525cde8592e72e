import { Agent, request } from "node:http";

export type KeptAnswer = {
  /** Or the error's code, or what became of an answer that did not come to its end. */
  readonly status: number | string;
  /** Whether the connection is closed with it. */
  readonly closes: boolean;
  /** This side of the connection; 0 when there was none. */
  readonly port: number;
};

/** One request over a connection that is kept alive. */
export function askKept(
  agent: Agent,
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<KeptAnswer> {
  return new Promise((resolve) => {
    const sent = request(url, { agent, headers }, (response) => {
      const closes = response.headers.connection === "close";
      const port = response.socket.localPort ?? 0;
      const status = () => (response.complete ? (response.statusCode ?? 0) : "broken off");
      response.on("error", () => undefined).once("close", () => resolve({ status: status(), closes, port }));
      response.resume();
    });
    sent.once("error", (error: NodeJS.ErrnoException) =>
      resolve({ status: error.code ?? error.message, closes: true, port: 0 }),
    );
    sent.end();
  });
}

export type KeptClients = {
  /** Each client's answers so far. */
  readonly answers: readonly (readonly KeptAnswer[])[];
  /** Resolves when every client has its last answer. */
  readonly stop: () => Promise<void>;
};

/** Clients that ask on and on, each over a connection of its own that it keeps, like a load balancer's. */
export function startKeptClients(count: number, url: string): KeptClients {
  const answers = Array.from({ length: count }, (): KeptAnswer[] => []);
  let stopped = false;
  const running = answers.map(async (own) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (!stopped) own.push(await askKept(agent, url));
    agent.destroy();
  });
  return {
    answers,
    stop: async () => {
      stopped = true;
      await Promise.all(running);
    },
  };
}
