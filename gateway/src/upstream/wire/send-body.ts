import type { Socket } from "node:net";
import type { Readable } from "node:stream";

const isChunked = (head: string) => /\r\ntransfer-encoding:/i.test(head);

function writeChunk(socket: Socket, chunk: Buffer): boolean {
  socket.cork();
  socket.write(`${chunk.length.toString(16)}\r\n`, "latin1");
  socket.write(chunk);
  const room = socket.write("\r\n", "latin1");
  socket.uncork();
  return room;
}

/**
 * Streams a body after its request's head, no faster than the socket takes it, framed as the head says. A stream that
 * breaks off leaves the request unfinished: whoever gives it hears that and ends the connection.
 * @returns lets go of the stream.
 */
function stream(socket: Socket, body: Readable, chunked: boolean, onSent: () => void): () => void {
  const resume = () => body.resume();
  const write = (chunk: Buffer) => {
    if (chunk.length === 0) return;
    if (!(chunked ? writeChunk(socket, chunk) : socket.write(chunk))) body.pause();
  };
  const letGo = () => {
    body.off("data", write).off("end", finish);
    socket.off("drain", resume);
  };
  const finish = () => {
    letGo();
    if (chunked) socket.write("0\r\n\r\n", "latin1");
    onSent();
  };
  socket.on("drain", resume);
  body.on("data", write).once("end", finish);
  return () => {
    letGo();
    body.pause();
  };
}

/**
 * Sends a request.
 * @param onSent told once all of it was given to the socket; at once where there is no stream.
 * @returns lets go of the body's stream.
 */
export function sendRequest(
  socket: Socket,
  head: string,
  body: Readable | Buffer | null,
  onSent: () => void,
): () => void {
  if (body !== null && !Buffer.isBuffer(body)) {
    socket.write(head, "latin1");
    return stream(socket, body, isChunked(head), onSent);
  }
  if (body) socket.cork();
  socket.write(head, "latin1");
  if (body) {
    socket.write(body);
    socket.uncork();
  }
  onSent();
  return () => undefined;
}
