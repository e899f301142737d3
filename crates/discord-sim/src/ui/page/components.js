// Buttons and select menus below a message. Owns their look and their keyboard; what a use of them
// means is the caller's.

import { h, icon, ICONS, link } from "./dom.js";
import { popover } from "./menus.js";

const BUTTON_STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "linked", 6: "primary" };
const SELECT_KINDS = new Set([3, 5, 6, 7, 8]);

/** The rows of components. `use(component, values)` is called for a click or a choice. */
export function rows(components, context) {
  return components
    .filter((row) => row.type === 1 && row.components?.length)
    .map((row) => h("div", { class: "row" }, row.components.map((component) => one(component, context))));
}

function one(component, context) {
  if (component.type === 2) return button(component, context);
  if (SELECT_KINDS.has(component.type)) return select(component, context);
  return h("span", { class: "unknown" }, `[component of type ${component.type}]`);
}

export function emoji(value) {
  if (!value) return null;
  return value.id
    ? h("span", { class: "emoji-name" }, `:${value.name}:`)
    : h("span", { class: "emoji" }, value.name);
}

function button(component, { pending, busy, use }) {
  const style = BUTTON_STYLES[component.style] ?? "secondary";
  const face = [emoji(component.emoji), component.label ? h("span", {}, component.label) : null];
  if (component.style === 5) {
    return link(component.url, [face, icon(ICONS.link)], { class: `button ${style}`, "aria-disabled": component.disabled || null });
  }
  const waits = pending.has(component.custom_id);
  return h("button", {
    class: waits ? `button ${style} waiting` : `button ${style}`, disabled: component.disabled, "aria-busy": waits || null,
    "aria-disabled": busy || null, "data-key": component.custom_id, onclick: () => !busy && use(component, []),
  }, h("span", { class: "face" }, face), waits ? h("span", { class: "spinner", "aria-label": "Waiting" }) : null);
}

/** What a select menu offers: its own options, or the people, roles or channels of the server. */
function optionsOf(component, directory) {
  if (component.type === 3) return component.options ?? [];
  const entries = (list, sign) => list.map((each) => ({ value: each.id, label: `${sign}${each.name}` }));
  const people = entries(directory.members, "@");
  const roles = entries(directory.roles, "@");
  return { 5: people, 6: roles, 7: [...people, ...roles], 8: entries(directory.channels, "#") }[component.type];
}

/** A select menu; chosen at once when it takes one value, on closing when it takes several. */
function select(component, { pending, busy, use, directory }) {
  const options = optionsOf(component, directory);
  const least = component.min_values ?? 1;
  const most = component.max_values ?? 1;
  const several = most > 1;
  const before = options.filter((option) => option.default).map((option) => option.value);
  const labelOf = (values) => options.filter((option) => values.includes(option.value));
  const waits = pending.has(component.custom_id);
  const face = h("span", { class: "select-face" });
  const show = (values) => {
    const chosen = labelOf(values);
    face.replaceChildren(...(chosen.length === 0
      ? [h("span", { class: "placeholder" }, component.placeholder || "Make a selection")]
      : several ? chosen.map((option) => h("span", { class: "chosen" }, emoji(option.emoji), option.label))
        : [h("span", {}, emoji(chosen[0].emoji), chosen[0].label)]));
  };
  show(before);
  const opener = h("button", {
    class: "select", type: "button", disabled: component.disabled, "aria-haspopup": "listbox", "aria-expanded": "false",
    "aria-busy": waits || null, "aria-disabled": busy || null, "data-key": component.custom_id,
    onclick: () => !busy && open(),
  }, face, waits ? h("span", { class: "spinner", "aria-label": "Waiting" }) : h("span", { class: "chevron", "aria-hidden": "true" }));

  function open() {
    let values = [...before];
    const list = h("div", { class: "listbox", role: "listbox", "aria-multiselectable": several || null });
    const note = h("div", { class: "list-note" });
    const items = options.map((option) => h("div", {
      class: "option", role: "option", tabindex: "-1", "data-value": option.value, onclick: () => toggle(option.value),
    }, emoji(option.emoji), h("span", { class: "option-text" }, h("span", {}, option.label),
      option.description ? h("small", {}, option.description) : null), several ? h("span", { class: "check" }) : null));
    list.append(...items);
    const paint = () => {
      for (const item of items) item.setAttribute("aria-selected", values.includes(item.dataset.value));
      if (!several) return;
      note.textContent = values.length < least
        ? `Choose at least ${least}` : `${values.length} of up to ${most} chosen · closes with Done or Esc`;
    };
    const toggle = (value) => {
      if (!several) {
        const same = values.includes(value);
        values = same && least === 0 ? [] : [value];
        close();
        return;
      }
      if (values.includes(value)) values = values.filter((each) => each !== value);
      else if (values.length < most) values.push(value);
      paint();
    };
    const changed = () => values.length !== before.length || values.some((value) => !before.includes(value));
    const done = several ? h("button", { class: "button primary done", type: "button", onclick: () => close() }, "Done") : null;
    paint();
    const close = popover(opener, h("div", {}, list, several ? h("div", { class: "list-foot" }, note, done) : null), {
      focus: items.find((item) => item.getAttribute("aria-selected") === "true") ?? items[0],
      items,
      closed: () => {
        // In the options' order, as Discord sends them.
        values = options.map((option) => option.value).filter((value) => values.includes(value));
        if (!(changed() || (!several && values.length > 0 && picked)) || values.length < least) return;
        show(values);
        use(component, values);
      },
    });
    let picked = false;
    list.addEventListener("click", () => { picked = true; }, true);
    list.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") picked = true;
    }, true);
  }
  return opener;
}
