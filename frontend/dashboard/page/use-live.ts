import { useCallback, useEffect, useState } from "react";
import type { LiveMessage } from "../server/live-socket.ts";

export type Line = { readonly key: number; readonly from: "you" | "server"; readonly text: string };

export type Live = {
  readonly state: "connecting" | "open" | "closed";
  /** Who the server says it is connected to; null when it can't verify it. */
  readonly who: string | null;
  readonly lines: readonly Line[];
  readonly say: (text: string) => void;
  readonly reconnect: () => void;
};

const KEPT_LINES = 20;

function socketUrl(): URL {
  const url = new URL("/ws", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url;
}

/** The WebSocket demonstration: one connection, opened anew on demand. */
export function useLive(): Live {
  const [socket, setSocket] = useState<WebSocket | null>(null);
  const [state, setState] = useState<Live["state"]>("connecting");
  const [who, setWho] = useState<string | null>(null);
  const [lines, setLines] = useState<readonly Line[]>([]);

  const add = useCallback((from: Line["from"], text: string) => {
    setLines((before) => [...before, { key: (before.at(-1)?.key ?? 0) + 1, from, text }].slice(-KEPT_LINES));
  }, []);

  const connect = useCallback(() => {
    const opened = new WebSocket(socketUrl());
    setSocket(opened);
    setState("connecting");
    opened.onmessage = ({ data }) => {
      const message = JSON.parse(String(data)) as LiveMessage;
      if (message.type === "echo") return add("server", message.text);
      setWho(message.who);
      return setState("open");
    };
    opened.onclose = () => setState("closed");
    return opened;
  }, [add]);

  useEffect(() => {
    const opened = connect();
    return () => {
      opened.onclose = null;
      opened.close();
    };
  }, [connect]);

  function say(text: string): void {
    add("you", text);
    socket?.send(text);
  }

  return { state, who, lines, say, reconnect: () => void connect() };
}
