// Ctrl K: a field that leads to a page of the frame or to a review, by arrows and Enter.
"use strict";
(() => {
  const dialog = document.getElementById("jump");
  const list = dialog?.querySelector("[data-jump-places]");
  const field = dialog?.querySelector("input");
  if (!dialog || !list || !field) return;
  const REVIEWS = dialog.querySelector("form").action;
  const WAIT_MS = 150;
  const MOST = 8;
  let asked = 0;
  let timer = 0;

  const options = () => [...list.querySelectorAll("[role=option]")];

  // The frame's own links are the places; their keys are told beside them.
  function places() {
    const links = [...document.querySelectorAll(".frame a[href]")];
    const known = new Map(links.map((link) => [link.href, { text: link.textContent.trim(), link }]));
    return [...known].map(([href, { text, link }]) => ({
      href,
      text: link.dataset.go === "h" ? "Home" : text,
      note: link.dataset.go ? `g ${link.dataset.go}` : (link.dataset.key ?? ""),
    }));
  }

  function choose(option) {
    for (const one of options()) {
      const chosen = one === option;
      one.setAttribute("aria-selected", String(chosen));
      one.classList.toggle("is-chosen", chosen);
    }
    if (option) {
      field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  }

  function show(found) {
    list.replaceChildren(
      ...found.map(({ href, text, note }, n) => {
        const item = document.createElement("li");
        item.setAttribute("role", "presentation");
        const link = document.createElement("a");
        link.href = href;
        link.id = `jump-${n}`;
        link.tabIndex = -1;
        link.setAttribute("role", "option");
        link.dir = "auto";
        link.append(text);
        if (note) {
          const small = document.createElement("small");
          small.textContent = ` ${note}`;
          link.append(small);
        }
        item.append(link);
        return item;
      }),
    );
    choose(options()[0]);
  }

  async function reviews(words) {
    const address = new URL(REVIEWS);
    address.searchParams.set("q", words);
    const answer = await fetch(address, { headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) return [];
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return [...page.querySelectorAll(".row-title")].slice(0, MOST).map((title) => ({
      href: new URL(title.getAttribute("href"), location.href).href,
      text: title.textContent.trim(),
      note: title.closest(".row")?.querySelector("time")?.textContent ?? "",
    }));
  }

  // At once what is near, so that Enter never follows what was listed for other words; reviews a moment later.
  function update() {
    const words = field.value.trim();
    const mine = ++asked;
    const near = places().filter(({ text }) => text.toLowerCase().includes(words.toLowerCase()));
    if (!words) return show(near);
    const search = new URL(REVIEWS);
    search.searchParams.set("q", words);
    const everywhere = { href: search.href, text: `Search reviews for “${words}”`, note: "" };
    show([...near, everywhere]);
    clearTimeout(timer);
    timer = setTimeout(async () => {
      // Without a connection there are still the places.
      const found = await reviews(words).catch(() => []);
      if (mine === asked && found.length) show([...near, ...found, everywhere]);
    }, WAIT_MS);
  }

  field.addEventListener("input", update);
  field.addEventListener("keydown", (event) => {
    const all = options();
    const now = all.findIndex((one) => one.id === field.getAttribute("aria-activedescendant"));
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : -1;
      choose(all[(now + by + all.length) % all.length]);
    } else if (event.key === "Enter" && !event.isComposing && all[now]) {
      event.preventDefault();
      all[now].click();
    }
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.addEventListener("jump:open", () => {
    field.value = "";
    dialog.showModal();
    update();
    field.focus();
  });
})();
