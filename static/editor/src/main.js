// The browser's side of writing together. Without a live process, or where its socket is blocked, none of this shows:
// the page's links and forms work by themselves.
import { removeCopiesOfOthers } from "./device.js";
import { live, root } from "./page.js";
import { start } from "./start.js";

removeCopiesOfOthers();
if (root && live) start();
