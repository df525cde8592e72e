import type { Identity, Passkey, PasskeyList } from "@passbridge/client";
import { useRef, useState } from "react";
import { Button } from "../components/button.tsx";
import { Notice } from "../components/notice.tsx";
import { PasskeyHelp } from "../components/passkey-help.tsx";
import { PasskeyHero } from "../components/passkey-hero.tsx";
import { Skeleton } from "../components/skeleton.tsx";
import { webAuthnSupport } from "../passkeys/webauthn-support.ts";
import { needsSignIn, type Problem } from "../problems/problem.ts";
import { t } from "../t.ts";
import { AccountProblem } from "./account-problem.tsx";
import { AddPasskey } from "./add-passkey.tsx";
import { PasskeyCard } from "./passkey-card.tsx";
import { providerWords } from "./passkey-words.ts";
import { Section } from "./section.tsx";
import { usePasskeys } from "./use-passkeys.ts";

type Changes = Pick<ReturnType<typeof usePasskeys>, "renamed" | "removed">;

function Cards({ passkeys, renamed, removed }: Changes & { passkeys: readonly Passkey[] }) {
  const providers = providerWords(passkeys);
  return (
    <ul className="passkeys" aria-label={t("account.passkeys_list")}>
      {passkeys.map((passkey) => (
        <PasskeyCard
          key={passkey.id}
          passkey={passkey}
          provider={providers.get(passkey.id) ?? t("account.passkey")}
          last={passkeys.length === 1}
          onRenamed={renamed}
          onRemoved={() => removed(passkey.id)}
        />
      ))}
    </ul>
  );
}

function Adding({ list, onAdded }: { list: PasskeyList; onAdded: (passkey: Passkey) => void }) {
  if (webAuthnSupport() !== "yes") return <Notice tone="info">{t("account.passkeys_unsupported")}</Notice>;
  if (list.passkeys.length >= list.max) {
    return <Notice tone="info">{t("account.passkeys_full", { max: list.max })}</Notice>;
  }
  return (
    <div>
      <AddPasskey onAdded={onAdded} />
    </div>
  );
}

/** An outage is waited out in the background; anything else needs the person. */
function ListProblem({ problem, reload }: { problem: Problem; reload: () => void }) {
  if (problem.code === "dependency_unavailable") return <Notice tone="warning">{t("account.passkeys_away")}</Notice>;
  return (
    <div className="stack">
      <AccountProblem problem={problem} />
      <div>
        <Button onClick={reload}>{t("common.try_again")}</Button>
      </div>
    </div>
  );
}

/** The hero prompt for somebody without a passkey; its need of a fresh sign-in is told with the way there. */
function FirstPasskey({ onAdded }: { onAdded: (passkey: Passkey) => void }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const takeSignIn = (failed: Problem) => {
    setProblem(needsSignIn(failed) ? failed : null);
    return needsSignIn(failed);
  };
  return (
    <>
      <PasskeyHero onCreated={onAdded} onProblem={takeSignIn} />
      <AccountProblem problem={problem} />
    </>
  );
}

/** Passkeys: the prompt for the first one, or a card for each and the way to add another. */
export function PasskeysSection({ identity }: { identity: Identity }) {
  const { list, problem, reload, added, renamed, removed } = usePasskeys(identity);
  const [news, setNews] = useState<string | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const add = (passkey: Passkey) => {
    setNews(passkey.name);
    added(passkey);
  };
  const remove = (id: string) => {
    setNews(null);
    removed(id);
    // The button that had the focus is gone with its card.
    requestAnimationFrame(() => heading.current?.focus());
  };
  const empty = list?.passkeys.length === 0;
  return (
    <Section title={t("account.passkeys")} lead={empty ? "" : t("account.passkeys_lead")} heading={heading}>
      {problem && <ListProblem problem={problem} reload={reload} />}
      {!list && !problem && <Skeleton lines={3} />}
      {news !== null && !empty && <Notice tone="success">{t("account.added", { name: news })}</Notice>}
      {empty && <FirstPasskey onAdded={add} />}
      {list && !empty && <Cards passkeys={list.passkeys} renamed={renamed} removed={remove} />}
      {list && !empty && <Adding list={list} onAdded={add} />}
      <PasskeyHelp />
    </Section>
  );
}
