import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A bare TCP connection to a server. */
export async function connectTo(origin: string): Promise<Socket> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  return socket;
}

/** Everything the other side sends until it is done, or until `enough` is satisfied; a reset counts as done. */
export async function readUntil(socket: Socket, enough: (text: string) => boolean = () => false): Promise<string> {
  let text = "";
  try {
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
      text += chunk.toString("latin1");
      if (enough(text)) break;
    }
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ECONNRESET")) throw error;
  }
  return text;
}

/** Sends bytes on a connection of their own and gives back all that is answered until the server closes it. */
export async function rawRequest(origin: string, text: string): Promise<string> {
  const socket = await connectTo(origin);
  socket.write(text, "latin1");
  const answer = await readUntil(socket);
  socket.destroy();
  return answer;
}
