import type { Passkey } from "@passbridge/client";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api } from "../api.ts";
import { Button } from "../components/button.tsx";
import { Form } from "../components/form.tsx";
import { Notice } from "../components/notice.tsx";
import { PageHeading } from "../components/page.tsx";
import { Skeleton } from "../components/skeleton.tsx";
import { useAction } from "../components/use-action.ts";
import { toProblem } from "../problems/problem.ts";
import { ProblemNotice } from "../problems/problem-notice.tsx";
import { t } from "../t.ts";
import { removePasskeys } from "./remove-passkeys.ts";

const day = (time: string) => new Intl.DateTimeFormat("en", { dateStyle: "medium" }).format(new Date(time));

type PasskeyChoiceProps = {
  readonly passkey: Pick<Passkey, "name" | "created_at" | "last_used_at">;
  readonly chosen: boolean;
  readonly onToggle: () => void;
};

function PasskeyChoice({ passkey, chosen, onToggle }: PasskeyChoiceProps) {
  const { name, created_at, last_used_at } = passkey;
  return (
    <li>
      <label className="choice">
        <input type="checkbox" checked={chosen} onChange={onToggle} />
        <span>
          <strong>{name}</strong>
          <span className="small">
            {" "}
            {t("recover.lost_created", { date: day(created_at) })}
            {last_used_at && `, ${t("recover.lost_used", { date: day(last_used_at) })}`}
          </span>
        </span>
      </label>
    </li>
  );
}

function toggled(chosen: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return chosen.has(id) ? new Set([...chosen].filter((one) => one !== id)) : new Set([...chosen, id]);
}

function useChoice(onDone: () => void) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [fault, setFault] = useState<string | null>(null);
  const [refusals, setRefusals] = useState(0);
  const toggle = (id: string) => {
    setFault(null);
    setChosen((before) => toggled(before, id));
  };
  const [remove, busy] = useAction(async () => {
    const failed = chosen.size === 0 ? t("recover.lost_none") : await removePasskeys([...chosen]);
    if (failed === null) return onDone();
    setFault(failed);
    return setRefusals((count) => count + 1);
  });
  return { chosen, toggle, fault, refusals, remove, busy };
}

function Chooser({ passkeys, onDone }: { passkeys: readonly Passkey[]; onDone: () => void }) {
  const { chosen, toggle, fault, refusals, remove, busy } = useChoice(onDone);
  return (
    <Form onSubmit={() => void remove()} refusals={refusals}>
      {fault && <Notice tone="error">{fault}</Notice>}
      <ul className="chooser">
        {passkeys.map(({ id, ...passkey }) => (
          <PasskeyChoice key={id} passkey={passkey} chosen={chosen.has(id)} onToggle={() => toggle(id)} />
        ))}
      </ul>
      <Button type="submit" variant="danger" wide busy={busy} busyLabel={t("recover.lost_busy")}>
        {t("recover.lost_submit")}
      </Button>
      <Button variant="primary" wide onClick={onDone}>
        {t("recover.lost_keep")}
      </Button>
    </Form>
  );
}

/** The last step: an old passkey is never left unmentioned. Without one the step is passed over. */
export function LostPasskeys({ created, onDone }: { created: string | null; onDone: () => void }) {
  const { data, error, refetch } = useQuery({
    queryKey: ["passkeys"],
    queryFn: ({ signal }) => api.passkeys({ signal }),
  });
  const old = data?.passkeys.filter((passkey) => passkey.id !== created);
  const nothing = old?.length === 0;
  useEffect(() => {
    if (nothing) onDone();
  }, [nothing, onDone]);
  return (
    <>
      <PageHeading title={t("recover.lost_title")}>{t("recover.lost_lead")}</PageHeading>
      {old && old.length > 0 && <Chooser passkeys={old} onDone={onDone} />}
      {!data && !error && <Skeleton />}
      {error && (
        <div className="stack">
          <ProblemNotice problem={toProblem(error)} />
          <Button variant="primary" wide onClick={() => void refetch()}>
            {t("common.try_again")}
          </Button>
          <Button variant="quiet" wide onClick={onDone}>
            {t("recover.password_skip")}
          </Button>
        </div>
      )}
    </>
  );
}
