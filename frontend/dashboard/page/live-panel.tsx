import { type FormEvent, useId, useState } from "react";
import { Panel } from "./parts.tsx";
import { fill, TEXTS } from "./texts.ts";
import { type Line, type Live, useLive } from "./use-live.ts";

function stateWords({ state, who }: Live): string {
  if (state === "open") return fill(TEXTS.liveConnected, { who: who ?? TEXTS.liveUnknown });
  return state === "connecting" ? TEXTS.liveConnecting : TEXTS.liveClosed;
}

function Lines({ lines }: { lines: readonly Line[] }) {
  return (
    <div className="lines" role="log" aria-label={TEXTS.liveTitle}>
      {lines.length === 0 && <p className="quiet">{TEXTS.liveEmpty}</p>}
      {lines.map(({ key, from, text }) => (
        <p key={key} className={`line line--${from}`}>
          <b>{from === "you" ? TEXTS.liveYou : TEXTS.liveServer}</b> {text}
        </p>
      ))}
    </div>
  );
}

/** Says something over a WebSocket and shows what comes back. */
export function LivePanel() {
  const live = useLive();
  const [text, setText] = useState("");
  const id = useId();

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (text.trim() === "" || live.state !== "open") return;
    live.say(text);
    setText("");
  }

  return (
    <Panel title={TEXTS.liveTitle} lead={TEXTS.liveLead}>
      <p role="status" className={`wire wire--${live.state}`}>
        {stateWords(live)}
      </p>
      <Lines lines={live.lines} />
      {live.state === "closed" ? (
        <button type="button" className="button" onClick={live.reconnect}>
          {TEXTS.liveReconnect}
        </button>
      ) : (
        <form className="say" onSubmit={submit}>
          <label htmlFor={id}>{TEXTS.liveMessage}</label>
          <input
            id={id}
            value={text}
            maxLength={200}
            autoComplete="off"
            onChange={(event) => setText(event.target.value)}
          />
          <button type="submit" className="button" disabled={live.state !== "open"}>
            {TEXTS.liveSend}
          </button>
        </form>
      )}
    </Panel>
  );
}
