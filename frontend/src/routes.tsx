import type { RouteObject } from "react-router";
import { CrashPage } from "./error/crash-page.tsx";

/** Every page has its own bundle; the account page and the sign-in pages never load each other's code. */
const pages: RouteObject[] = [
  { path: "/login", lazy: async () => ({ Component: (await import("./login/login-page.tsx")).LoginPage }) },
  { path: "/register", lazy: async () => ({ Component: (await import("./register/register-page.tsx")).RegisterPage }) },
  {
    path: "/register/passkey-offer",
    lazy: async () => ({ Component: (await import("./passkey-offer/passkey-offer-page.tsx")).PasskeyOfferPage }),
  },
  { path: "/verify", lazy: async () => ({ Component: (await import("./verify/verify-page.tsx")).VerifyPage }) },
  { path: "/recover", lazy: async () => ({ Component: (await import("./recover/recover-page.tsx")).RecoverPage }) },
  {
    path: "/recover/recovery-code",
    lazy: async () => ({ Component: (await import("./recover/recovery-code-page.tsx")).RecoveryCodePage }),
  },
  {
    path: "/recovery-codes",
    lazy: async () => ({ Component: (await import("./recovery-codes/recovery-codes-page.tsx")).RecoveryCodesPage }),
  },
  { path: "/account", lazy: async () => ({ Component: (await import("./account/account-page.tsx")).AccountPage }) },
  { path: "/help", lazy: async () => ({ Component: (await import("./help/help-page.tsx")).HelpPage }) },
  { path: "/error", lazy: async () => ({ Component: (await import("./error/error-page.tsx")).ErrorPage }) },
  { path: "*", lazy: async () => ({ Component: (await import("./not-found/not-found-page.tsx")).NotFoundPage }) },
];

export const routes: RouteObject[] = [{ ErrorBoundary: CrashPage, HydrateFallback: () => null, children: pages }];
