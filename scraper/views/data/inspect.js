"use strict";
// Everything can be read without this; it folds all at once, copies lines, and shows what belongs together.
const every = (selector, root = document) => [...root.querySelectorAll(selector)];
const say = (words) => { document.getElementById("said").textContent = words; };

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.fold) {
    const open = button.dataset.fold === "open";
    every("details.block").forEach((it) => { it.open = open; });
    say(open ? "All removed blocks are unfolded" : "All removed blocks are folded");
  } else if (button?.dataset.copy) {
    copy(button);
  } else if (button?.dataset.thread) {
    show(button.dataset.thread, button);
  } else {
    // A click into a kept block does what its figure does, but not while text is being marked.
    const block = event.target.closest(".block.kept");
    const why = block?.querySelector(":scope > .why");
    if (why && !event.target.closest("details") && getSelection().isCollapsed) why.open = !why.open;
  }
});

function copy(button) {
  const line = button.dataset.copy;
  const done = () => { button.textContent = "Copied"; say(`Copied: ${line}`); };
  const mark = () => {
    // Where a page may not write to the clipboard, the line is marked to be copied by hand.
    getSelection().selectAllChildren(button.previousElementSibling);
    say("The line is marked; copy it with your keyboard");
  };
  if (navigator.clipboard) navigator.clipboard.writeText(line).then(done, mark); else mark();
}

function show(thread, from) {
  const is_shown = document.body.dataset.shown === thread;
  every(".passage.shown").forEach((it) => it.classList.remove("shown"));
  delete document.body.dataset.shown;
  every("button[data-thread][aria-pressed=true]").forEach((it) => it.setAttribute("aria-pressed", "false"));
  if (is_shown) return say("All passages");
  document.body.dataset.shown = thread;
  const found = every(`.passage[data-thread="${thread}"]`);
  found.forEach((it) => it.classList.add("shown"));
  every(`button[data-thread="${thread}"]`).forEach((it) => it.setAttribute("aria-pressed", "true"));
  for (const it of found) {
    // Only the column moves, not the page under the reader's eyes.
    const column = it.closest(".copy .body");
    if (column && !it.contains(from)) {
      column.scrollTop += it.getBoundingClientRect().top - column.getBoundingClientRect().top - 60;
    }
  }
  say(`Passage ${thread}: in ${found.length} copies`);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.body.dataset.shown) show(document.body.dataset.shown);
});

// On paper nothing can be unfolded.
addEventListener("beforeprint", () => every("details.block").forEach((it) => {
  it.dataset.was = it.open; it.open = true;
}));
addEventListener("afterprint", () => every("details.block[data-was]").forEach((it) => {
  it.open = it.dataset.was === "true"; delete it.dataset.was;
}));
// An address with a block's name opens that block.
const here = location.hash && document.getElementById(location.hash.slice(1));
for (let it = here; it; it = it.parentElement) if (it.tagName === "DETAILS") it.open = true;
here?.scrollIntoView?.();
