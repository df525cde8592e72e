import { AREAS, type Area } from "../server/areas.ts";
import { Panel } from "./parts.tsx";
import { AREA_TEXTS, TEXTS } from "./texts.ts";

/** The parts with a rule of their own, and what each needs. */
export function AreasPanel() {
  return (
    <Panel title={TEXTS.areasTitle} lead={TEXTS.areasLead}>
      <ul className="areas">
        {AREAS.map((area) => (
          <li key={area}>
            <a href={`/${area}`}>{AREA_TEXTS[area].title}</a> <span className="quiet">{AREA_TEXTS[area].needs}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** Which area this is, and which address was asked for: the very one, after whatever had to be done first. */
export function AreaPanel({ area }: { area: Area }) {
  return (
    <Panel title={AREA_TEXTS[area].title} lead={AREA_TEXTS[area].needs}>
      <p>
        {TEXTS.areaAddress} <code>{location.pathname + location.search}</code>
      </p>
      <p>
        <a href="/">{TEXTS.areaBack}</a>
      </p>
    </Panel>
  );
}

/** On a page that is open to anyone: nobody is signed in. */
export function NobodyPanel() {
  const back = encodeURIComponent(location.pathname + location.search);
  return (
    <Panel title={TEXTS.nobodyTitle} lead={TEXTS.nobodyLead}>
      <p>
        <a className="button" href={`/login?return_to=${back}`}>
          {TEXTS.signIn}
        </a>
      </p>
    </Panel>
  );
}
