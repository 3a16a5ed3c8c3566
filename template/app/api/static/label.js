// The keys of a labelling page. Without it everything works with the mouse or the Tab key.
(() => {
  const form = document.getElementById("label");
  const keys = document.getElementById("keys");
  const on = keys.querySelector("input");
  const press = (selector) => document.querySelector(selector)?.click();

  keys.hidden = false;
  on.checked = localStorage.getItem("keys") !== "off";
  on.addEventListener("change", () => localStorage.setItem("keys", on.checked ? "on" : "off"));
  // A second click on a button must not send the form twice.
  let sent = false;
  addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  addEventListener("pageshow", () => {
    sent = false;
  });

  addEventListener("keydown", (event) => {
    const at = event.target;
    const writing = at.matches("textarea, select, input:not([type=radio], [type=checkbox])");
    if (!on.checked || writing || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (event.key === "Enter") {
      // On a link or a button Enter means that one.
      if (at.matches("a, button") || !form) return;
      event.preventDefault();
      press('#label button[value="answer"]');
      return;
    }
    const commands = {
      u: '#label button[value="unsure"]',
      q: '#label button[value="nothing"]',
      b: "#back button",
    };
    const key = event.key.toLowerCase();
    const choice = [...(form?.querySelectorAll("[data-key]") ?? [])].find((one) => one.dataset.key === key);
    if (choice) {
      choice.focus();
      choice.click();
    } else if (key in commands) {
      press(commands[key]);
    } else {
      return;
    }
    event.preventDefault();
  });
})();
