import type { Passkey } from "@passbridge/client";
import { useState } from "react";
import { PasskeyIcon } from "../components/icons.tsx";
import { SecurityKeyIcon } from "./account-icons.tsx";
import { isSecurityKey } from "./passkey-words.ts";

/** What stands for a provider without an icon, and for nobody in particular. */
const Fallback = ({ passkey }: { passkey: Passkey }) =>
  isSecurityKey(passkey) ? <SecurityKeyIcon /> : <PasskeyIcon />;

/** The provider's icon, light or dark; a picture of our own where there is none or it cannot be loaded. */
export function ProviderMark({ passkey }: { passkey: Passkey }) {
  const [broken, setBroken] = useState(false);
  const { icon_light: light = null, icon_dark: dark = null } = passkey.provider ?? {};
  const icon = light ?? dark;
  return (
    <span className="entry__mark" aria-hidden="true">
      {icon === null || broken ? (
        <Fallback passkey={passkey} />
      ) : (
        <picture>
          {dark && <source media="(prefers-color-scheme: dark)" srcSet={dark} />}
          <img className="entry__icon" src={icon} alt="" width={28} height={28} onError={() => setBroken(true)} />
        </picture>
      )}
    </span>
  );
}
