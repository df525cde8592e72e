import type { OnReadOpts, Socket } from "node:net";
import type { Readable } from "node:stream";
import type { AnswerHead } from "./answer-head.ts";
import { type AnswerReader, createAnswerReader } from "./answer-reader.ts";
import { type ConnectOptions, connect } from "./connect.ts";
import { sendRequest } from "./send-body.ts";

const FIRST_BUFFER = 16 * 1024;
const BUFFER = 64 * 1024;
/** From here on the buffer that was read into is handed on, instead of a copy. */
const WORTH_A_BUFFER = 8 * 1024;

export type Conversation = {
  readonly method: string;
  /** The request's head as it is written. */
  readonly text: string;
  readonly body: Readable | Buffer | null;
  readonly onHead: (head: AnswerHead) => void;
  readonly onData: (chunk: Buffer) => void;
  /** The answer is whole; nothing comes after it. */
  readonly onEnd: () => void;
  /** There will be no (whole) answer; untouched: nothing of one had come. Nothing comes after it. */
  readonly onFail: (error: Error, untouched: boolean) => void;
};

/** A connection to a server: one request and its answer at a time. */
export type Connection = {
  readonly socket: Socket;
  /** Whether it has carried an answer before. */
  readonly isUsed: () => boolean;
  readonly ask: (conversation: Conversation) => void;
  /** For the one that is just told of a piece: the last until it says resume. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Ends it; whom it carries an answer for is told nothing any more. */
  readonly drop: () => void;
};

export type ConnectionEvents = {
  /** It could carry another request, for so many milliseconds. */
  readonly onFree: (connection: Connection, keepFor: number) => void;
  readonly onClose: (connection: Connection) => void;
};

type State = {
  current: { readonly conversation: Conversation; readonly reader: AnswerReader } | null;
  paused: boolean;
  /** Whether the request's body is still on its way. */
  sending: boolean;
  used: boolean;
  letGo: () => void;
};

/** A buffer the socket reads into, and pieces of it that outlive the next read. */
function createReadBuffer() {
  let buffer = Buffer.allocUnsafeSlow(FIRST_BUFFER);
  let given = false;
  return {
    next: () => {
      if (given) buffer = Buffer.allocUnsafeSlow(BUFFER);
      given = false;
      return buffer;
    },
    keep: (piece: Buffer) => {
      if (piece.length < WORTH_A_BUFFER || piece.buffer !== buffer.buffer) return Buffer.from(piece);
      given = true;
      return piece;
    },
  };
}

const nothing = () => undefined;

/** The conversation is over, whatever becomes of the connection. */
function leave(state: State): State["current"] {
  const left = state.current;
  state.current = null;
  state.letGo();
  state.letGo = nothing;
  return left;
}

/** What the socket does with what it reads. */
function readInto(state: State, next: () => Buffer, read: (work: (reader: AnswerReader) => void) => void): OnReadOpts {
  return {
    buffer: next,
    callback: (size, bytes) => {
      read((reader) => reader.take(Buffer.from(bytes.buffer, bytes.byteOffset, size)));
      return !state.paused;
    },
  };
}

export function createConnection(to: Omit<ConnectOptions, "onread">, events: ConnectionEvents): Connection {
  const buffer = createReadBuffer();
  const state: State = { current: null, paused: false, sending: false, used: false, letGo: nothing };

  const fail = (error: Error) => {
    const left = leave(state);
    socket.destroy();
    left?.conversation.onFail(error, left.reader.isUntouched());
  };
  const end = (keepFor: number) => {
    const left = leave(state);
    state.paused = false;
    state.used = true;
    if (keepFor === 0 || state.sending) socket.destroy();
    else events.onFree(connection, keepFor);
    left?.conversation.onEnd();
  };
  const read = (work: (reader: AnswerReader) => void) => {
    try {
      // A server that speaks unasked is not asked again.
      if (state.current) work(state.current.reader);
      else socket.destroy();
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const socket = connect({ ...to, onread: readInto(state, buffer.next, read) })
    .on("error", fail)
    .on("end", () => read((reader) => reader.close()))
    .on("close", () => {
      fail(new Error("the connection to the upstream was closed"));
      events.onClose(connection);
    });

  const connection: Connection = {
    socket,
    isUsed: () => state.used,
    ask: (conversation) => {
      const onData = (piece: Buffer) => conversation.onData(buffer.keep(piece));
      const reader = createAnswerReader(conversation.method, { head: conversation.onHead, data: onData, end });
      state.current = { conversation, reader };
      state.sending = true;
      state.letGo = sendRequest(socket, conversation.text, conversation.body, () => {
        state.sending = false;
      });
    },
    pause: () => {
      state.paused = true;
    },
    resume: () => {
      if (!state.paused) return;
      state.paused = false;
      socket.resume();
    },
    drop: () => {
      leave(state);
      socket.destroy();
    },
  };
  return connection;
}
