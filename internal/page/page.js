// Filters what a page lists. Without it all is there.
(() => {
  const box = document.getElementById("filter");
  if (!box) return;
  document.getElementById("search").hidden = false;
  const count = document.getElementById("found");
  let all = null;
  const texts = () => all ??= Array.from(document.querySelectorAll("[data-find]"), (e) => [e, e.textContent.toLowerCase()]);
  // A custom endpoint is listed by its label: its name, or one with a prefix, is found by that.
  const forms = (word) => {
    const [, label] = /^([^.]+)\.endpoints\.neo4j\.io\.?$/.exec(word) ?? [];
    return label ? [word, label, label.replace(/^[a-d]-/, "")] : [word];
  };
  const show = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean).map(forms);
    let n = 0;
    for (const [e, text] of texts()) {
      e.hidden = !words.every((w) => w.some((form) => text.includes(form)));
      if (!e.hidden) n++;
    }
    count.textContent = words.length ? `${n} of ${all.length} found` : "";
  };
  let wait = 0;
  box.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(show, 100); });
  document.getElementById("search").addEventListener("submit", (e) => { e.preventDefault(); show(); });
})();
