import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { listen } from "./listen.ts";

/** RFC 6455, section 1.3. */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** Takes WebSockets and says nothing on them. */
const server = createServer((_request, response) => {
  response.end("sockets");
});
server.on("upgrade", (request, socket) => {
  const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}${GUID}`).digest("base64");
  const head = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
  socket.on("error", () => socket.destroy());
  socket.on("end", () => socket.end());
  socket.resume();
  socket.write([...head, `Sec-WebSocket-Accept: ${accept}`, "\r\n"].join("\r\n"));
});
listen(server);
