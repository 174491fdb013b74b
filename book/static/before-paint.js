// Inlined in the head: what must be known before the first paint, so that nothing flashes.
(() => {
  const recall = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const root = document.documentElement;
  const frameworks = ["numpy", "keras", "torch"];
  root.dataset.framework = frameworks.find((name) => name === recall("framework")) ?? frameworks[0];
  // The theme decides between light and dark in a deferred script: too late for a dark room.
  const mode = recall("mode");
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.mode = ["light", "dark"].includes(mode) ? mode : "auto";
  root.dataset.theme = root.dataset.mode === "auto" ? (dark ? "dark" : "light") : mode;
})();
