// Streamlit runs this anew with every page; one visit needs it once. Whatever is drawn later is
// reached from the document: nothing is attached to an element that a rerun may replace.
window.reglab ??= (() => {
  const style = document.currentScript.parentElement.querySelector("style");
  document.head.append(style); // else it is gone for a moment at each change of page

  // One press of Back is one page back, with what was set. Streamlit has two faults there: it adds
  // an entry to the history for each setting that it writes into the address, and on the way to
  // another page it first takes the settings out of the address of the page that is left.
  const push = history.pushState, replace = history.replaceState;
  history.replaceState = (...entry) => {
    replace.apply(history, entry);
    dispatchEvent(new Event("reglab-address")); // for kept.js
  };
  let left = null; // address of the page that a link leaves
  history.pushState = (state, title, url) => {
    const samePage = new URL(url, location.href).pathname === location.pathname;
    if (samePage) return history.replaceState(state, title, url);
    if (left?.pathname === location.pathname) history.replaceState(history.state, "", left);
    left = null;
    push.call(history, state, title, url);
    document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
  };
  const leave = event => {
    if (event.detail < 2 && event.target.closest?.("a")) left = new URL(location);
  };
  document.addEventListener("click", leave, true);
  window.addEventListener("popstate", () => left = null);

  // Where the open menu covers or squeezes a page, it closes when one of its links is taken.
  document.addEventListener("click", event => {
    const size = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const inTheWay = innerWidth <= 768 || size > 16; // a phone, a projector
    if (inTheWay && event.target.closest?.("[data-testid=stSidebar] a"))
      document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
  });

  // A term of the glossary opens its meaning beside itself; the focus stays on the term.
  const WORD = "a[href^='#word-']";
  const note = Object.assign(document.createElement("div"), {id: "meaning", role: "status"});
  note.ariaLive = "polite";
  let word = null; // the term whose meaning is open
  const place = () => {
    const box = word?.getClientRects()[0];
    if (!box) return close();
    const room = {right: innerWidth - note.offsetWidth - 8, down: innerHeight - note.offsetHeight};
    const below = box.bottom + 6;
    note.style.left = `${Math.max(8, Math.min(box.left, room.right))}px`;
    note.style.top = `${below < room.down ? below : box.top - note.offsetHeight - 6}px`;
  };
  const open = link => {
    word = link;
    document.querySelector("[data-testid=stApp]").append(note);
    note.textContent = link.title;
    link.title = ""; // the browser would show it a second time
    link.ariaExpanded = "true";
    link.setAttribute("aria-describedby", note.id);
    place();
  };
  const close = () => {
    if (!word) return;
    word.title = note.textContent;
    word.ariaExpanded = "false";
    word.removeAttribute("aria-describedby");
    note.remove();
    word = null;
  };
  document.addEventListener("click", event => {
    const link = event.target.closest?.(WORD), opened = word;
    if (link) event.preventDefault();
    if (note.contains(event.target)) return;
    close();
    if (link && link !== opened) open(link);
  });
  document.addEventListener("keydown", event => {
    if (event.key === "Escape" && word) event.stopPropagation(close());
    if (event.key !== " " || !event.target.matches?.(WORD)) return;
    event.preventDefault();
    event.target.click();
  }, true);
  document.addEventListener("scroll", place, true);
  window.addEventListener("resize", place);

  // A link of the jump list leads to the heading, the fold or the tab of the same name.
  const NAMED = ["h2", "h3", "summary p", "[role=tab] p"].map(e => `[data-testid=stMain] ${e}`);
  document.addEventListener("click", event => {
    const link = event.target.closest?.("a[href^='#to-']");
    if (!link) return;
    event.preventDefault();
    const named = e => e.textContent.trim() === link.textContent.trim();
    const found = [...document.querySelectorAll(NAMED)].find(named);
    const control = found?.closest("summary, [role=tab]");
    if (control && !control.closest("[open]")) control.click();
    const target = control ?? found;
    if (target && !control) target.tabIndex = -1;
    target?.focus({preventScroll: true});
    target?.scrollIntoView({block: "start"});
  });

  // The caption of a choice is a part of it.
  document.addEventListener("click", event => {
    const caption = event.target.closest?.("[data-testid=stRadioCaption]");
    caption?.parentElement.querySelector("input")?.click();
  });

  // The glossary of the menu is drawn at the end of the document, far from its button. So its filter
  // takes the focus, and the keys that leave it lead back to the button. Where a finger opens it,
  // the focus would bring up a keyboard on the screen.
  const OPENER = "[data-testid=stSidebar] [data-testid=stPopoverButton]";
  const opener = () => document.querySelector(OPENER);
  let filter = null;
  const enter = () => {
    const drawn = document.querySelector("#glossary-filter");
    const keyboard = opener()?.matches(":focus-visible") || matchMedia("(pointer: fine)").matches;
    if (drawn && drawn !== filter && keyboard) drawn.focus({preventScroll: true});
    filter = drawn;
  };
  document.addEventListener("keydown", event => {
    const {key, shiftKey, target} = event;
    if (!target.matches?.("#glossary, #glossary-filter")) return;
    if (key === "Escape") return setTimeout(() => opener()?.focus());
    if (key !== "Tab" || target.id !== (shiftKey ? "glossary-filter" : "glossary")) return;
    if (shiftKey) event.preventDefault(); // else the browser moves on from the button
    opener()?.focus();
  }, true);

  // The filter of the glossary.
  document.addEventListener("input", event => {
    if (!event.target.matches("#glossary-filter")) return;
    const sought = event.target.value.trim().toLowerCase();
    for (const entry of document.querySelectorAll("#glossary > div"))
      entry.hidden = !entry.textContent.toLowerCase().includes(sought);
  });

  // What Streamlit's elements lack for a keyboard and a screen reader, after each change.
  const SPOKEN = ".st-key-experiment-question, .st-key-twin"; // a verdict, while the focus stays
  const MAY_SCROLL = ".katex-display, [data-testid=stTable] > div, [data-testid=stCode] pre";
  const complete = () => {
    const app = document.querySelector("[data-testid=stApp]");
    document.documentElement.style.colorScheme = getComputedStyle(app).colorScheme;
    if (word && !word.isConnected) close();
    enter();
    for (const link of document.querySelectorAll(`${WORD}:not([role])`))
      Object.assign(link, {role: "button", ariaExpanded: "false"});
    for (const e of document.querySelectorAll(SPOKEN)) e.ariaLive = "polite";
    for (const e of document.querySelectorAll(MAY_SCROLL))
      e.tabIndex = e.scrollWidth > e.clientWidth ? 0 : -1;
  };
  let waiting = 0;
  const later = () => waiting ||= setTimeout(() => waiting = complete() ?? 0, 200);
  new MutationObserver(later).observe(document.body, {childList: true, subtree: true});
  window.addEventListener("resize", later);
  return true;
})();
