import { CSPProvider } from "@base-ui/react/csp-provider";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createBrowserRouter } from "react-router";
import { RouterProvider } from "react-router/dom";
import { LiveRegion } from "./components/live-region.tsx";
import { OfflineBanner } from "./components/offline-banner.tsx";
import { routes } from "./routes.tsx";

const queries = new QueryClient({
  defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false, networkMode: "always" } },
});
const router = createBrowserRouter(routes);

/** The pages, with what every one of them shares. */
export function App() {
  return (
    <StrictMode>
      <QueryClientProvider client={queries}>
        <CSPProvider disableStyleElements>
          <LiveRegion />
          <RouterProvider router={router} />
          <OfflineBanner />
        </CSPProvider>
      </QueryClientProvider>
    </StrictMode>
  );
}
