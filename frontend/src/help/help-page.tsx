import "./help.css";
import { useEffect } from "react";
import { Link, useLocation } from "react-router";
import { Card } from "../components/card.tsx";
import { Page, PageHeading } from "../components/page.tsx";
import { t } from "../t.ts";
import type { TextKey } from "../texts.ts";
import { QUESTIONS, type Question } from "./guide.ts";

const headingId = (id: string) => `${id}-heading`;

/** The browser looks for an anchor before the page is drawn, and finds nothing. */
function useAnchor(): void {
  const { hash } = useLocation();
  useEffect(() => {
    const id = hash.slice(1);
    if (!QUESTIONS.some((question) => question.id === id)) return;
    document.getElementById(id)?.scrollIntoView();
    document.getElementById(headingId(id))?.focus({ preventScroll: true });
  }, [hash]);
}

const entries = (keys: readonly TextKey[]) => keys.map((key) => <li key={key}>{t(key)}</li>);

function Answer({ text, points, steps, after, ways = [] }: Question) {
  return (
    <>
      {text.map((key) => (
        <p key={key}>{t(key)}</p>
      ))}
      {points && <ul className="help-page__list">{entries(points)}</ul>}
      {steps && <ol className="help-page__list">{entries(steps)}</ol>}
      {after && <p>{t(after)}</p>}
      {ways.length > 0 && (
        <p className="help-page__ways">
          {ways.map(({ to, words }) => (
            <Link key={to} className="link" to={to}>
              {t(words)}
            </Link>
          ))}
        </p>
      )}
    </>
  );
}

function Contents() {
  return (
    <nav aria-label={t("guide.contents")}>
      <ul className="help-page__contents">
        {QUESTIONS.map(({ id, title }) => (
          <li key={id}>
            <Link className="link" to={{ hash: id }} replace>
              {t(title)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** /help: what passkeys are, where they work, and what to do when they don't; for everyone, signed in or not. */
export function HelpPage() {
  useAnchor();
  return (
    <Page title={t("guide.title")} wide help={false}>
      <Card>
        <PageHeading title={t("guide.title")}>{t("guide.lead")}</PageHeading>
        <Contents />
      </Card>
      {QUESTIONS.map((question) => (
        <section
          key={question.id}
          id={question.id}
          className="card help-page__part"
          aria-labelledby={headingId(question.id)}
        >
          <h2 id={headingId(question.id)} tabIndex={-1}>
            {t(question.title)}
          </h2>
          <Answer {...question} />
        </section>
      ))}
    </Page>
  );
}
