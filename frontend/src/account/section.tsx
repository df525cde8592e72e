import { type ReactNode, type Ref, useId } from "react";

export type SectionProps = {
  readonly title: string;
  readonly lead?: string;
  readonly children: ReactNode;
  /** The heading: where focus goes when what had it is gone. */
  readonly heading?: Ref<HTMLHeadingElement>;
};

/** One part of the account, a landmark under its heading. */
export function Section({ title, lead, children, heading }: SectionProps) {
  const id = useId();
  return (
    <section className="card" aria-labelledby={id}>
      <div className="stack stack--tight">
        <h2 id={id} ref={heading} tabIndex={-1} className="account__heading">
          {title}
        </h2>
        {lead && <p className="lead">{lead}</p>}
      </div>
      {children}
    </section>
  );
}
