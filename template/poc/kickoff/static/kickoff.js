// Shows what the answers mean while they are typed. Without it the same appears after saving.
(() => {
  const form = document.getElementById("answers");
  if (!form) return;
  const from = form.dataset.figuresFrom;
  const lost = document.getElementById("lost");
  let unsaved = "unsaved" in form.dataset;
  let timer;
  let request;

  form.addEventListener("input", () => {
    unsaved = true;
    if (!from) return;
    clearTimeout(timer);
    timer = setTimeout(update, 300);
  });
  form.addEventListener("submit", () => {
    unsaved = false;
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });

  async function update() {
    request?.abort();
    request = new AbortController();
    try {
      const answer = await fetch(from, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        signal: request.signal,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      show(await answer.text());
      lost.hidden = true;
    } catch (error) {
      if (error.name !== "AbortError") lost.hidden = false;
    }
  }

  function show(html) {
    const drawn = new DOMParser().parseFromString(html, "text/html");
    for (const place of form.querySelectorAll("[data-figures]")) {
      const next = drawn.querySelector(`[data-figures="${place.dataset.figures}"]`);
      const nodes = next ? next.innerHTML.trim() : "";
      // A live region that did not change must not be read aloud again.
      if (place.innerHTML.trim() !== nodes) place.innerHTML = nodes;
    }
  }
})();
