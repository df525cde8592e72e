import { WebSocket } from "ws";

/** Opens a WebSocket and lets go of it again. @returns the status of the answer: 101 when it was opened. */
export async function openSocket(url: string, headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  const socket = new WebSocket(url, { headers });
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  socket.once("open", () => resolve(101));
  socket.once("unexpected-response", (request, response) => {
    request.destroy();
    resolve(response.statusCode);
  });
  const status = await promise;
  if (status === 101) socket.terminate();
  return status;
}
