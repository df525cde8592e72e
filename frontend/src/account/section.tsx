import { type ReactNode, type Ref, useId } from "react";

export type SectionProps = {
  /** What an address leads to by its fragment. */
  readonly id?: string;
  readonly title: string;
  readonly lead?: string;
  readonly children: ReactNode;
  /** The heading: where focus goes when what had it is gone. */
  readonly heading?: Ref<HTMLHeadingElement>;
};

/** One part of the account, a landmark under its heading. */
export function Section({ id, title, lead, children, heading }: SectionProps) {
  const headingId = useId();
  return (
    <section id={id} className="card" aria-labelledby={headingId}>
      <div className="stack stack--tight">
        <h2 id={headingId} ref={heading} tabIndex={-1} className="account__heading">
          {title}
        </h2>
        {lead && <p className="lead">{lead}</p>}
      </div>
      {children}
    </section>
  );
}
