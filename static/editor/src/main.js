// The browser's side of writing together. Without a live process, or where its socket is blocked, none of this shows:
// the page's links and forms work by themselves.
import { live, person, root } from "./page.js";
import { start } from "./start.js";

deviceCopies.removeThoseOfOthers(String(person.pk));
if (root && live) start();
