import { t } from "../t.ts";

export type HelpLinkProps = {
  readonly words: string;
  /** The part of the help page it leads to. */
  readonly part?: string;
};

/** The way to the help page: in a tab of its own, because what somebody has begun to type here must not be lost. */
export function HelpLink({ words, part }: HelpLinkProps) {
  return (
    <a className="link" href={part ? `/help#${part}` : "/help"} target="_blank" rel="noopener">
      {words}
      <span className="visually-hidden"> ({t("help.new_tab")})</span>
    </a>
  );
}
