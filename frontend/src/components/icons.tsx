import type { ReactNode } from "react";

/** A picture of 24 by 24 in the colour of the text around it. */
export function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

/** A person with a key: the picture people know passkeys by. */
export const PasskeyIcon = () => (
  <Icon>
    <circle cx="9.5" cy="7.5" r="3.75" />
    <path d="M2.75 20v-1.5a5 5 0 0 1 5-5h3.5" />
    <circle cx="17.5" cy="12.5" r="2.75" />
    <path d="M17.5 15.25V21l1.75-1.5M17.5 18h1.5" />
  </Icon>
);

export const EyeIcon = () => (
  <Icon>
    <path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z" />
    <circle cx="12" cy="12" r="2.75" />
  </Icon>
);

export const EyeOffIcon = () => (
  <Icon>
    <path d="M9.9 5.8A9 9 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a16 16 0 0 1-2.9 3.5M6.2 7.3A15 15 0 0 0 2.5 12S6 18.5 12 18.5a9 9 0 0 0 4.9-1.5M4 4l16 16" />
  </Icon>
);

export const InfoIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="9" />
    <path d="M12 11v5M12 7.75v.01" />
  </Icon>
);

export const CheckIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="9" />
    <path d="m8 12.25 2.75 2.75L16 9.5" />
  </Icon>
);

export const WarningIcon = () => (
  <Icon>
    <path d="M12 3.5 2.5 20h19L12 3.5ZM12 10v4.5M12 17.25v.01" />
  </Icon>
);

export const ErrorIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="9" />
    <path d="M12 7.5v5.25M12 16.25v.01" />
  </Icon>
);

/** Before a question whose answer folds out. */
export const DisclosureIcon = () => (
  <Icon>
    <path d="M9 7v10l6-5Z" fill="currentColor" />
  </Icon>
);

/** The bridge of the brand line. */
export const BridgeIcon = () => (
  <Icon>
    <path d="M2 18h20M5 18v-3a7 7 0 0 1 14 0v3M9.5 18v-4M14.5 18v-4" />
  </Icon>
);

/** The hero prompt's picture: a screen opened by a fingerprint. */
export const HeroPicture = () => (
  <svg
    className="hero__picture"
    viewBox="0 0 144 108"
    fill="none"
    stroke="currentColor"
    strokeWidth="3"
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    <rect x="14" y="14" width="88" height="64" rx="8" />
    <path d="M4 92h108" />
    <rect x="90" y="32" width="42" height="68" rx="9" fill="var(--surface)" />
    <path
      d="M101 68a10 10 0 0 1 20 0c0 6-.5 10-2 15M105 87c1.5-4 2-9 2-18a4 4 0 0 1 8 0c0 7-.4 13-2 19M101 78c.4-2 .5-3 .5-5"
      strokeWidth="2.5"
    />
    <circle cx="58" cy="38" r="9" />
    <path d="M40 66a18 18 0 0 1 36 0" />
  </svg>
);
