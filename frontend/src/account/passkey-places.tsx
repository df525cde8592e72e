import type { PublicKeyCredentialHint } from "@passbridge/client";
import { Button } from "../components/button.tsx";
import { t } from "../t.ts";
import { PhoneIcon, SecurityKeyIcon, ThisDeviceIcon } from "./account-icons.tsx";

const PLACES = [
  { hint: "client-device", key: "here", icon: <ThisDeviceIcon /> },
  { hint: "hybrid", key: "phone", icon: <PhoneIcon /> },
  { hint: "security-key", key: "key", icon: <SecurityKeyIcon /> },
] as const satisfies ReadonlyArray<{ hint: PublicKeyCredentialHint; key: string; icon: object }>;

export type PasskeyPlacesProps = {
  /** Where it is being made right now; null when nowhere. */
  readonly busy: PublicKeyCredentialHint | null;
  readonly onChoose: (hint: PublicKeyCredentialHint) => void;
};

/** Where a passkey can be kept, each with what comes next; the person chooses before the system's dialog asks. */
export function PasskeyPlaces({ busy, onChoose }: PasskeyPlacesProps) {
  return (
    <ul className="places" aria-label={t("account.add_where")}>
      {PLACES.map(({ hint, key, icon }) => (
        <li key={hint} className="place">
          <Button
            wide
            icon={icon}
            busy={busy === hint}
            busyLabel={t("hero.create_busy")}
            disabled={busy !== null && busy !== hint}
            onClick={() => onChoose(hint)}
          >
            {t(`account.add_${key}`)}
          </Button>
          <p className="small">{t(`account.add_${key}_next`)}</p>
        </li>
      ))}
    </ul>
  );
}
