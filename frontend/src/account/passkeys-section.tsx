import type { Identity, Passkey, PasskeyList } from "@passbridge/client";
import { useRef, useState } from "react";
import { Button } from "../components/button.tsx";
import { Notice } from "../components/notice.tsx";
import { PasskeyHelp } from "../components/passkey-help.tsx";
import { Skeleton } from "../components/skeleton.tsx";
import { webAuthnSupport } from "../passkeys/webauthn-support.ts";
import type { Problem } from "../problems/problem.ts";
import { t } from "../t.ts";
import { AccountProblem } from "./account-problem.tsx";
import { AddPasskey, type AddPasskeyProps } from "./add-passkey.tsx";
import { FirstPasskey } from "./first-passkey.tsx";
import { PasskeyAdvice } from "./passkey-advice.tsx";
import { PasskeyCard } from "./passkey-card.tsx";
import { providerWords } from "./passkey-words.ts";
import { Section } from "./section.tsx";
import { usePasskeys } from "./use-passkeys.ts";

type Changes = Pick<ReturnType<typeof usePasskeys>, "renamed" | "removed">;

function Cards({ passkeys, renamed, removed }: Changes & { passkeys: readonly Passkey[] }) {
  const providers = providerWords(passkeys);
  return (
    <ul className="entries" aria-label={t("account.passkeys_list")}>
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

type AddingProps = Pick<AddPasskeyProps, "onAdded" | "onRenamed"> & { readonly list: PasskeyList };

/** Kept in its place while the list changes: the dialog asks for a name after the passkey is there. */
function Adding({ list: { passkeys, max }, ...changes }: AddingProps) {
  const empty = passkeys.length === 0;
  const unsupported = webAuthnSupport() !== "yes";
  const full = passkeys.length >= max;
  // The prompt for the first one says so.
  if (empty && unsupported) return null;
  const refusal = t(unsupported ? "account.passkeys_unsupported" : "account.passkeys_full", { max });
  const instead = unsupported || full ? <Notice tone="info">{refusal}</Notice> : null;
  return <AddPasskey label={t(empty ? "account.add_elsewhere" : "account.add")} instead={instead} {...changes} />;
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

function useNews(identity: Identity) {
  const { list, problem, reload, added, renamed, removed } = usePasskeys(identity);
  const [newest, setNewest] = useState<string | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const add = (passkey: Passkey) => {
    setNewest(passkey.id);
    added(passkey);
  };
  const remove = (id: string) => {
    setNewest(null);
    removed(id);
    // The button that had the focus is gone with its card.
    requestAnimationFrame(() => heading.current?.focus());
  };
  const news = list?.passkeys.find(({ id }) => id === newest)?.name;
  return { list, problem, reload, add, renamed, remove, news, heading };
}

/** Passkeys: the prompt for the first one, or advice, a card for each, and the way to add another. */
export function PasskeysSection({ identity }: { identity: Identity }) {
  const { list, problem, reload, add, renamed, remove, news, heading } = useNews(identity);
  const empty = list?.passkeys.length === 0;
  return (
    <Section
      id="passkeys"
      title={t("account.passkeys")}
      lead={empty ? "" : t("account.passkeys_lead")}
      heading={heading}
    >
      {problem && <ListProblem problem={problem} reload={reload} />}
      {!list && !problem && <Skeleton lines={3} />}
      {news && <Notice tone="success">{t("account.added", { name: news })}</Notice>}
      {empty && <FirstPasskey onAdded={add} />}
      {list && <PasskeyAdvice passkeys={list.passkeys} />}
      {list && !empty && <Cards passkeys={list.passkeys} renamed={renamed} removed={remove} />}
      {list && <Adding list={list} onAdded={add} onRenamed={renamed} />}
      <PasskeyHelp />
    </Section>
  );
}
