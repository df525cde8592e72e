import { WebSocket } from "ws";

export type OpenSocket = {
  readonly isOpen: () => boolean;
  readonly close: () => void;
};

export type OpeningSocket = { readonly status: number; readonly socket: OpenSocket };

/** Opens a WebSocket to the application. @returns 101, or the status it was refused with. Rejects when there is no answer. */
export function openApplicationSocket(
  address: string,
  headers: Readonly<Record<string, string>>,
): Promise<OpeningSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<OpeningSocket>();
  const socket = new WebSocket(address.replace("http", "ws"), { headers });
  const held = {
    isOpen: () => socket.readyState === WebSocket.OPEN,
    close: () => socket.terminate(),
  };
  socket.on("error", reject).on("open", () => {
    socket.send("hello");
    resolve({ status: 101, socket: held });
  });
  socket.on("unexpected-response", (request, response) => {
    request.destroy();
    resolve({ status: response.statusCode ?? 0, socket: held });
  });
  return promise;
}
