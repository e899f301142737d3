// Things that float above the page: pop-overs, the menu of a message, and forms. Owns focus and Escape.

import { h } from "./dom.js";

const layer = () => document.getElementById("layer");

/**
 * Opens `content` beside `anchor` (an element, or a point {x, y}); returns what closes it. Arrow keys
 * move over `items`; Enter and Space press the focused one; Escape, Tab and a click elsewhere close.
 */
export function popover(anchor, content, { focus = null, items = [], closed = () => {}, label = null } = {}) {
  const back = document.activeElement;
  const box = h("div", { class: "popover", "aria-label": label }, content);
  const shade = h("div", { class: "shade", onpointerdown: (event) => { event.preventDefault(); close(); } });
  layer().append(shade, box);
  place(box, anchor);
  if (anchor instanceof Element) anchor.setAttribute("aria-expanded", "true");
  let open = true;
  function close() {
    if (!open) return;
    open = false;
    shade.remove();
    box.remove();
    if (anchor instanceof Element) anchor.setAttribute("aria-expanded", "false");
    back?.focus?.({ preventScroll: true });
    closed();
  }
  box.addEventListener("keydown", (event) => {
    const at = items.indexOf(document.activeElement);
    if (event.key === "Escape" || (event.key === "Tab" && items.length > 0 && !content.querySelector(".done"))) close();
    else if (event.key === "ArrowDown") items[(at + 1) % items.length]?.focus();
    else if (event.key === "ArrowUp") items[(at - 1 + items.length) % items.length]?.focus();
    else if ((event.key === "Enter" || event.key === " ") && at >= 0 && items[at].tagName !== "BUTTON") items[at].click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  (focus ?? items[0])?.focus({ preventScroll: true });
  focus?.scrollIntoView({ block: "nearest" });
  return close;
}

/** Puts a box by its anchor, within the window. */
function place(box, anchor) {
  const around = anchor instanceof Element
    ? anchor.getBoundingClientRect()
    : { left: anchor.x, right: anchor.x, top: anchor.y, bottom: anchor.y, width: 0 };
  box.style.minWidth = `${Math.min(around.width, 420)}px`;
  const size = box.getBoundingClientRect();
  const left = Math.max(8, Math.min(around.left, window.innerWidth - size.width - 8));
  const below = window.innerHeight - around.bottom - 12;
  const top = size.height <= below || below >= around.top
    ? Math.min(around.bottom + 4, Math.max(8, window.innerHeight - size.height - 8))
    : Math.max(8, around.top - size.height - 4);
  box.style.left = `${left}px`;
  box.style.top = `${top}px`;
}

/** A menu of actions: `groups` are [heading, [label, act, face?][]] pairs. */
export function menu(anchor, groups) {
  const items = [];
  const parts = groups.filter(([, entries]) => entries.length > 0).map(([heading, entries]) => h("div", { class: "menu-group", role: "group", "aria-label": heading },
    heading ? h("div", { class: "menu-heading" }, heading) : null,
    entries.map(([label, act, face]) => {
      const item = h("button", { class: "menu-item", role: "menuitem", type: "button", onclick: () => { close(); act(); } }, face ?? null, label);
      items.push(item);
      return item;
    })));
  const close = popover(anchor, h("div", { class: "menu", role: "menu" }, parts), { items });
}

/** A row of emoji to react with. */
export function emojiPicker(anchor, choices, act) {
  const items = choices.map((choice) => h("button", { class: "emoji-choice", type: "button", "aria-label": `React with ${choice}`, onclick: () => { close(); act(choice); } }, choice));
  const close = popover(anchor, h("div", { class: "emoji-grid" }, items), { items });
}

/**
 * Shows a form of the bot. `submit(values)` gets {custom_id: text} and returns a promise of
 * whether the bot took it.
 */
export function form(modal, submit) {
  const back = document.activeElement;
  const values = {};
  const fields = fieldsOf(modal).map(({ component, label, description }) => field(component, label, description, values));
  const warning = h("p", { class: "warning", role: "alert" });
  const send = h("button", { class: "button primary", type: "submit" }, "Submit");
  const body = h("form", {
    class: "form", novalidate: true,
    onsubmit: async (event) => {
      event.preventDefault();
      const wrong = fields.map((each) => each.check()).find(Boolean);
      if (wrong) {
        wrong.focus();
        return;
      }
      send.disabled = true;
      warning.textContent = "";
      if (await submit(values)) dialog.close();
      else warning.textContent = "Something went wrong. Try again.";
      send.disabled = false;
    },
  },
  h("h2", {}, modal.title),
  fields.map((each) => each.element),
  warning,
  h("footer", {}, h("button", { class: "button secondary", type: "button", onclick: () => dialog.close() }, "Cancel"), send));
  const dialog = h("dialog", { class: "dialog", "aria-label": modal.title, onclose: () => { dialog.remove(); back?.focus?.(); } }, body);
  document.body.append(dialog);
  dialog.showModal();
}

/** A form's inputs, whether they stand in rows or in labels. */
function fieldsOf(modal) {
  return (modal.components ?? []).flatMap((each) => each.type === 18
    ? [{ component: each.component, label: each.label, description: each.description }]
    : (each.components ?? []).map((component) => ({ component, label: component.label })));
}

function field(component, label, description, values) {
  const needed = component.required !== false;
  const problem = h("small", { class: "problem" });
  let input;
  let check;
  if (component.type === 4) {
    values[component.custom_id] = component.value ?? "";
    const long = component.style === 2;
    input = h(long ? "textarea" : "input", {
      ...(long ? { rows: 4 } : { type: "text" }), placeholder: component.placeholder, value: component.value ?? "",
      maxlength: component.max_length, autocomplete: "off", "aria-required": needed || null,
      oninput: () => { values[component.custom_id] = input.value; problem.textContent = ""; },
    });
    check = () => {
      const length = [...input.value].length;
      const least = component.min_length ?? 0;
      if (needed && length === 0) problem.textContent = "This field is required";
      else if (length > 0 && length < least) problem.textContent = `At least ${least} characters`;
      else return null;
      return input;
    };
  } else {
    input = h("i", {}, `[input of type ${component.type}]`);
    check = () => null;
  }
  return { element: h("label", { class: "field" }, h("span", { class: "field-label" }, label, needed ? h("b", { "aria-hidden": "true" }, "*") : null), description ? h("small", {}, description) : null, input, problem), check };
}
