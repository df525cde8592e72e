import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/components.css";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { loadSettings } from "./settings.ts";

// The words must be known before anything is drawn: a text that changes later would move the page.
await loadSettings();

const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);

// Coming back by the browser's history would show a page that was about to leave, its buttons busy for ever.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});
