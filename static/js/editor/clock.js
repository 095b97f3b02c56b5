// Instants as the page shows them: in the zone of the person's profile, named.
"use strict";
const clock = (() => {
  const timeZone = document.querySelector("[data-editor]")?.dataset.personZone || undefined;
  const TIME = { hour: "2-digit", minute: "2-digit", timeZoneName: "short" };
  const DAY = { ...TIME, day: "numeric", month: "short", year: "numeric" };

  function say(date, shown) {
    try {
      return date.toLocaleString("en-GB", { ...shown, timeZone });
    } catch {
      return date.toLocaleString("en-GB", shown); // a zone that this browser does not know
    }
  }

  return { time: (date) => say(date, TIME), day: (date) => say(date, DAY) };
})();
