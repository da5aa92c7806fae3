// Filters what a page lists. Without it all is there.
(() => {
  const box = document.getElementById("filter");
  if (!box) return;
  document.getElementById("search").hidden = false;
  const count = document.getElementById("found");
  let all = null;
  const texts = () => all ??= Array.from(document.querySelectorAll("[data-find]"), (e) => [e, e.textContent.toLowerCase()]);
  const show = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let n = 0;
    for (const [e, text] of texts()) {
      e.hidden = !words.every((w) => text.includes(w));
      if (!e.hidden) n++;
    }
    count.textContent = words.length ? `${n} of ${all.length} found` : "";
  };
  let wait = 0;
  box.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(show, 100); });
  document.getElementById("search").addEventListener("submit", (e) => { e.preventDefault(); show(); });
})();
