// Whoever signs out leaves nothing of theirs on the device. Where some of it is saved nowhere else, they are asked first.
"use strict";
(() => {
  const person = document.body.dataset.person;
  const SOON_SAVED_MS = 700;
  const PATIENCE_MS = 3000;
  if (!person) return;

  const after = (ms) => new Promise((done) => setTimeout(done, ms));

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (new URL(form.action).pathname !== "/accounts/logout/") return;
    event.preventDefault();
    document.dispatchEvent(new Event("device:signing-out"));
    signOut(form);
  });

  async function signOut(form) {
    const looked = async () => {
      const found = await unsaved();
      if (!found.length) return found;
      await after(SOON_SAVED_MS); // it may just be on its way
      return unsaved();
    };
    const found = await Promise.race([looked().catch(() => []), after(PATIENCE_MS).then(() => [])]);
    if (found.length) ask(form, found);
    else leave(form, (copy) => copy === null);
  }

  /** Removes the copies about which `goes` says so, given what `deviceCopies.unsaved` says of them; then signs out. */
  async function leave(form, goes) {
    document.dispatchEvent(new Event("device:cleared"));
    try {
      for (const key of formKeys()) localStorage.removeItem(key);
    } catch {
      // Storage that cannot be reached holds nothing either.
    }
    await Promise.race([removeDocuments(goes).catch(() => {}), after(PATIENCE_MS)]);
    form.submit();
  }

  const documents = async () => (await deviceCopies.all()).filter((one) => one.person === person);

  async function removeDocuments(goes) {
    const remove = async ({ name }) => goes(await deviceCopies.unsaved(name)) && deviceCopies.remove(name);
    await Promise.all((await documents()).map(remove));
  }

  function formKeys() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(`debrief:${person}:`));
    } catch {
      return [];
    }
  }

  /** The reviews of which this device alone holds something: [{review, title}]. */
  async function unsaved() {
    const titles = new Map(formKeys().map((key) => [key.split(":")[2], ""]));
    for (const { name, review } of await documents()) {
      const left = await deviceCopies.unsaved(name);
      if (left) titles.set(review, left.title || titles.get(review) || "");
    }
    return [...titles].map(([review, title]) => ({ review, title }));
  }

  function make(tag, className, ...content) {
    const element = document.createElement(tag);
    element.className = className;
    element.append(...content);
    return element;
  }

  function ask(form, reviews) {
    form.parentElement.querySelector(".sign-out-question")?.remove();
    const question = make("div", "sign-out-question");
    question.setAttribute("role", "group");
    const words = make("p", "", "Not saved yet, and only on this device:");
    words.id = "sign-out-unsaved";
    const list = make("ul", "");
    list.id = "sign-out-reviews";
    for (const { review, title } of reviews) {
      const link = document.createElement("a");
      link.href = review === "new" ? "/drafts/new" : `/drafts/${review}/`;
      link.append(review === "new" ? "A new review" : `${review}${title ? ` ${title}` : ""}`);
      list.append(make("li", "", link));
    }
    const hint = make("p", "hint", "Signing out removes it. A review that you open while connected saves it.");
    const stay = make("button", "button", "Stay");
    const discard = make("button", "button", "Sign out and discard");
    stay.type = discard.type = "button";
    stay.setAttribute("aria-describedby", `${words.id} ${list.id}`);
    question.setAttribute("aria-labelledby", words.id);
    stay.addEventListener("click", (event) => {
      event.stopPropagation(); // a click on what is gone would close the menu
      question.remove();
      form.querySelector("[type=submit]").focus();
    });
    discard.addEventListener("click", () => {
      discard.disabled = true;
      leave(form, () => true);
    });
    question.append(words, list, hint, make("div", "form-do", stay, discard));
    form.after(question);
    stay.focus();
  }
})();
