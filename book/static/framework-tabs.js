// Tabs of the frameworks (book/framework_tabs.py): one choice for the whole book, remembered.
// The style sheet shows the right panel from <html data-framework>, set before the first paint by
// before-paint.js; this script keeps that attribute, and what ARIA says of the tabs, up to date.
(() => {
  "use strict";
  const KEY = "framework";
  const root = document.documentElement;

  // Storage is refused in some private modes: the choice then lasts as long as the page.
  const recall = () => { try { return localStorage.getItem(KEY); } catch { return null; } };
  const remember = (framework) => { try { localStorage.setItem(KEY, framework); } catch { /* see above */ } };

  const tabSets = () => document.querySelectorAll(".framework-tabs");
  const tabsOf = (set) => [...set.querySelectorAll(':scope > [role="tablist"] > [role="tab"]')];

  function show(framework) {
    root.dataset.framework = framework;
    for (const set of tabSets()) {
      const tabs = tabsOf(set);
      // A set without the chosen framework shows its first one, as the style sheet does.
      const selected = tabs.find((tab) => tab.dataset.framework === framework) ?? tabs[0];
      for (const tab of tabs) {
        tab.setAttribute("aria-selected", String(tab === selected));
        tab.tabIndex = tab === selected ? 0 : -1;
      }
    }
  }

  // Every tab set of the page changes its height: hold the one in use where the reader sees it.
  function choose(tab) {
    const before = tab.getBoundingClientRect().top;
    show(tab.dataset.framework);
    remember(tab.dataset.framework);
    scrollBy({ top: tab.getBoundingClientRect().top - before, behavior: "instant" });
  }

  function onKey(event) {
    const tabs = tabsOf(event.currentTarget.closest(".framework-tabs"));
    const at = tabs.indexOf(event.currentTarget);
    const to = {
      ArrowRight: (at + 1) % tabs.length,
      ArrowLeft: (at - 1 + tabs.length) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    }[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    choose(tabs[to]);
    tabs[to].focus({ preventScroll: true });
  }

  // A link may lead into a panel that isn't showing: show it, for this page only.
  function followHash() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const panel = target?.closest(".framework-panel");
    if (panel && panel.dataset.framework !== root.dataset.framework) {
      show(panel.dataset.framework);
      target.scrollIntoView();
    }
  }

  for (const set of tabSets()) {
    for (const tab of tabsOf(set)) {
      tab.addEventListener("click", () => choose(tab));
      tab.addEventListener("keydown", onKey);
    }
    for (const panel of set.querySelectorAll(":scope > .framework-panel")) panel.tabIndex = 0;
  }
  show(root.dataset.framework);
  followHash();
  addEventListener("hashchange", followHash);
  // Another window of the book, or a page that comes back from the browser's cache, follows the choice.
  addEventListener("storage", (event) => { if (event.key === KEY && event.newValue) show(event.newValue); });
  addEventListener("pageshow", (event) => { if (event.persisted && recall()) show(recall()); });
})();
