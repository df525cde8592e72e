import { Icon } from "../components/icons.tsx";

/** A key with a contact, for the USB port or to tap. */
export const SecurityKeyIcon = () => (
  <Icon>
    <rect x="6.5" y="2.5" width="11" height="14" rx="3" />
    <path d="M9.5 16.5v5h5v-5M11.25 19h.01M12.75 19h.01" />
    <circle cx="12" cy="9.5" r="2.25" />
  </Icon>
);

export const ThisDeviceIcon = () => (
  <Icon>
    <rect x="4" y="4.5" width="16" height="11" rx="2" />
    <path d="M2 19.5h20" />
  </Icon>
);

export const PhoneIcon = () => (
  <Icon>
    <rect x="6.5" y="2.5" width="11" height="19" rx="2.5" />
    <path d="M11 18.5h2" />
  </Icon>
);
