// Keeps a page up to date. Without it the page says when it was made.
(() => {
  const live = document.getElementById("live");
  const state = document.getElementById("state");
  if (!live) return;
  let last = "";
  let failed = false;
  const keep = () => {
    const open = new Set(Array.from(live.querySelectorAll("details[open]"), (e) => e.id));
    const scrolled = new Map(Array.from(live.querySelectorAll(".scroll"), (e) => [e.id, e.scrollLeft]));
    const focused = document.activeElement?.id;
    return () => {
      for (const e of live.querySelectorAll("details")) e.open = e.open || open.has(e.id);
      for (const e of live.querySelectorAll(".scroll")) e.scrollLeft = scrolled.get(e.id) ?? 0;
      if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus({ preventScroll: true });
    };
  };
  const look = async () => {
    const selected = getSelection();
    if (document.hidden || selected && !selected.isCollapsed && live.contains(selected.anchorNode)) return;
    try {
      const answer = await fetch("live?server=" + encodeURIComponent(live.dataset.server));
      if (!answer.ok) throw new Error(answer.statusText);
      const text = await answer.text();
      if (text !== last) {
        const restore = keep();
        live.innerHTML = text;
        restore();
        last = text;
      }
      if (failed) state.textContent = "";
      failed = false;
    } catch (e) {
      if (!failed) state.textContent = "The server has not answered since " + new Date().toLocaleTimeString() + ": what follows is older.";
      failed = true;
    }
  };
  setInterval(look, 3000);
})();
