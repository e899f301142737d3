// The box at the foot of the channel: plain messages, and slash commands with their options, picked
// and completed by mouse or keyboard. Owns what is being typed; sends it through the acts it is given.

import { avatar, h, icon, ICONS } from "./dom.js";

const LATENCY_MS = 110;
const TEXT = 3, INTEGER = 4, BOOLEAN = 5, USER = 6, CHANNEL = 7, ROLE = 8, MENTIONABLE = 9, NUMBER = 10;

/** Every command that can be typed, sub-commands written out: {name, description, options}. */
export function spelledOut(commands) {
  const spelled = (node, name) => {
    const subs = (node.options ?? []).filter((option) => option.type === 1 || option.type === 2);
    return subs.length > 0
      ? subs.flatMap((sub) => spelled(sub, `${name} ${sub.name}`))
      : [{ name, description: node.description, options: node.options ?? [] }];
  };
  return commands.filter((command) => (command.type ?? 1) === 1)
    .flatMap((command) => spelled(command, command.name))
    .sort((one, other) => one.name.localeCompare(other.name));
}

export class Composer {
  /** `acts` has say(text), slash(name, options), autocomplete(name, option, partial, options). */
  constructor(place, acts) {
    this.acts = acts;
    this.commands = [];
    this.directory = { members: [], roles: [], channels: [] };
    this.command = null;
    this.fields = new Map();
    this.list = [];
    this.at = 0;
    this.asked = 0;
    this.popup = h("div", { id: "suggestions", role: "listbox", "aria-label": "Suggestions", hidden: true });
    this.help = h("div", { class: "option-help", hidden: true });
    this.bar = h("form", { id: "composer-bar", onsubmit: (event) => { event.preventDefault(); this.submit(); } });
    place.append(h("div", { class: "composer" }, this.popup, this.help, this.bar));
    this.showText("");
  }

  /** Takes what the channel, the person and the bot's commands are now. */
  update({ commands, directory, channelName, botName, bot }) {
    this.commands = spelledOut(commands);
    this.directory = directory;
    this.botName = botName;
    this.bot = bot;
    this.channelName = channelName;
    if (this.input) this.input.placeholder = this.placeholder();
  }

  /** Starts over, for another person or channel. */
  reset() {
    if (this.command) this.showText("");
  }

  focus() {
    (this.input ?? this.bar.querySelector("input"))?.focus();
  }

  // ---- plain text ----

  placeholder() {
    return `Message #${this.channelName ?? ""}${window.innerWidth < 560 ? "" : ", or / for commands"}`;
  }

  showText(text) {
    this.command = null;
    this.fields.clear();
    this.help.hidden = true;
    this.input = h("textarea", {
      id: "composer", rows: "1", maxlength: "2000", value: text, spellcheck: "true", autocomplete: "off", role: "combobox",
      "aria-label": "Message", "aria-expanded": "false", "aria-controls": "suggestions", "aria-autocomplete": "list",
      placeholder: this.placeholder(),
      oninput: () => this.typed(), onkeydown: (event) => this.textKey(event), onblur: () => this.hideSoon(),
    });
    this.bar.replaceChildren(
      h("button", { class: "icon-button slash", type: "button", "aria-label": "Commands", onclick: () => { this.input.value = "/"; this.input.focus(); this.typed(); } }, "/"),
      this.input,
      h("button", { class: "icon-button", type: "submit", "aria-label": "Send" }, icon(ICONS.send)));
    this.hide();
  }

  typed() {
    const text = this.input.value;
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 200)}px`;
    if (!text.startsWith("/") || text.includes("\n")) {
      this.hide();
      return;
    }
    const wanted = text.slice(1).toLowerCase();
    const exact = wanted.endsWith(" ") && this.commands.find((command) => command.name === wanted.trim());
    if (exact) {
      this.choose(exact);
      return;
    }
    const starts = this.commands.filter((command) => command.name.startsWith(wanted));
    const within = this.commands.filter((command) => !command.name.startsWith(wanted) && command.name.includes(wanted.trim()));
    this.suggest([...starts, ...within].map((command) => ({
      face: [this.bot ? avatar(this.bot, 24) : null, h("span", { class: "option-text" },
        h("span", {}, h("b", {}, `/${command.name}`), command.options.map((option) => h("span", { class: option.required ? "chip needed" : "chip" }, option.name))),
        h("small", {}, command.description)), h("small", { class: "from" }, this.botName ?? "")],
      take: () => this.choose(command),
    })), "Commands", wanted ? "No command of that name" : "The bot has no commands here yet");
  }

  textKey(event) {
    if (this.listKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    }
  }

  // ---- a command and its options ----

  choose(command) {
    this.command = command;
    this.fields.clear();
    this.input = null;
    this.bar.replaceChildren(
      h("span", { class: "command-name" }, `/${command.name}`),
      h("div", { class: "fields" }),
      h("button", { class: "icon-button", type: "submit", "aria-label": "Send" }, icon(ICONS.send)));
    const holder = this.bar.querySelector(".fields");
    for (const option of command.options.filter((each) => each.required)) this.addField(holder, option);
    if (this.fields.size === 0 && command.options.length > 0) this.addField(holder, command.options[0]);
    this.paintMore(holder);
    const first = [...this.fields.values()][0];
    if (first) first.input.focus();
    else this.showBare(command);
  }

  /** A command without options waits for Enter. */
  showBare(command) {
    const input = h("input", {
      class: "bare", "aria-label": `/${command.name}: press Enter to send`, readonly: true, placeholder: "press Enter to send",
      onkeydown: (event) => {
        if (event.key === "Escape" || event.key === "Backspace") {
          event.preventDefault();
          this.leave();
        }
      },
    });
    this.bar.querySelector(".fields").append(input);
    this.hide();
    this.explain(null);
    input.focus();
  }

  addField(holder, option) {
    const field = { option, value: undefined, input: null, box: null };
    field.input = h("input", {
      type: "text", autocomplete: "off", spellcheck: "false", role: "combobox", "aria-label": `${option.name}: ${option.description}`, "aria-controls": "suggestions",
      "aria-expanded": "false", "aria-required": option.required || null, size: "8", inputmode: option.type === INTEGER ? "numeric" : option.type === NUMBER ? "decimal" : null,
      maxlength: option.max_length ?? null,
      oninput: () => { field.value = undefined; field.box.classList.remove("wrong"); this.resize(field); this.offer(field); },
      onfocus: () => { this.explain(option); this.offer(field); },
      onblur: () => this.hideSoon(),
      onkeydown: (event) => this.fieldKey(event, field),
    });
    field.box = h("label", { class: "field-chip" }, h("span", {}, option.name), field.input);
    this.fields.set(option.name, field);
    holder.insertBefore(field.box, holder.querySelector(".more"));
    return field;
  }

  resize(field) {
    field.input.style.width = `${Math.min(Math.max(8, [...field.input.value].length + 1), 46)}ch`;
  }

  /** Buttons for the options not filled in yet. */
  paintMore(holder) {
    holder.querySelectorAll(".more").forEach((each) => each.remove());
    for (const option of this.command.options.filter((each) => !this.fields.has(each.name))) {
      holder.append(h("button", {
        class: "more", type: "button", title: option.description, "aria-label": `Add ${option.name}: ${option.description}`,
        onclick: () => { const field = this.addField(holder, option); this.paintMore(holder); field.input.focus(); },
      }, `+ ${option.name}`));
    }
  }

  explain(option) {
    this.help.hidden = false;
    this.help.replaceChildren(option
      ? h("span", {}, h("b", {}, option.name), " ", option.description, option.required ? "" : h("i", {}, " (optional)"))
      : h("span", {}, this.command.description));
  }

  offer(field) {
    const { option } = field;
    const typed = field.input.value;
    if (option.autocomplete) {
      this.complete(field);
      return;
    }
    const entries = (list, sign) => list.map((each) => ({ name: `${sign}${each.name}`, value: each.id }));
    const people = entries(this.directory.members, "@"), roles = entries(this.directory.roles, "@");
    const choices = option.choices?.length ? option.choices : {
      [BOOLEAN]: [{ name: "True", value: true }, { name: "False", value: false }],
      [USER]: people, [ROLE]: roles, [MENTIONABLE]: [...people, ...roles], [CHANNEL]: entries(this.directory.channels, "#"),
    }[option.type];
    if (!choices) {
      this.hide();
      return;
    }
    const wanted = field.value === undefined ? typed.toLowerCase() : "";
    this.offerChoices(field, choices.filter((choice) => String(choice.name).toLowerCase().includes(wanted)));
  }

  offerChoices(field, choices) {
    this.suggest(choices.map((choice) => ({
      face: [h("span", { class: "option-text" }, choice.name)],
      take: () => {
        field.value = choice.value;
        field.input.value = choice.name;
        field.box.classList.remove("wrong");
        this.resize(field);
        this.next(field);
      },
    })), field.option.name, "No options match your search");
  }

  async complete(field) {
    const ticket = ++this.asked;
    this.suggest([], field.option.name, "Loading options…");
    await new Promise((done) => setTimeout(done, LATENCY_MS));
    if (ticket !== this.asked) return;
    const partial = field.input.value;
    const choices = await this.acts.autocomplete(this.command.name, field.option.name, partial, this.values(field));
    if (ticket !== this.asked || document.activeElement !== field.input) return;
    if (choices === null) this.suggest([], field.option.name, "Loading options failed");
    else this.offerChoices(field, choices);
  }

  /** After a choice: the next empty field, or stay. */
  next(field) {
    this.hide();
    const list = [...this.fields.values()];
    const empty = list.slice(list.indexOf(field) + 1).find((each) => each.input.value === "");
    (empty ?? field).input.focus();
    if (!empty) this.hide();
  }

  fieldKey(event, field) {
    if (this.listKey(event)) return;
    if (event.key === "Escape" || (event.key === "Backspace" && field.input.value === "")) {
      event.preventDefault();
      const list = [...this.fields.values()];
      const at = list.indexOf(field);
      if (event.key === "Escape" || at === 0) this.leave();
      else {
        if (!field.option.required) {
          this.fields.delete(field.option.name);
          field.box.remove();
          this.paintMore(this.bar.querySelector(".fields"));
        }
        list[at - 1].input.focus();
      }
    }
  }

  leave() {
    const name = this.command?.name;
    this.asked += 1;
    this.showText("");
    this.input.focus();
    if (name) this.input.setAttribute("aria-label", "Message");
  }

  /** What is filled in, typed to each option; `except` is left out. */
  values(except = null) {
    const out = {};
    for (const field of this.fields.values()) {
      if (field === except || (field.value === undefined && field.input.value === "")) continue;
      out[field.option.name] = field.value ?? this.parsed(field);
    }
    return out;
  }

  parsed({ option, input }) {
    const text = input.value;
    if (option.choices?.length || [BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE].includes(option.type)) return undefined;
    if (option.type === TEXT) return text;
    const number = Number(text.replace(",", "."));
    const whole = option.type !== INTEGER || Number.isInteger(number);
    return text.trim() !== "" && Number.isFinite(number) && whole ? number : undefined;
  }

  async submit() {
    if (!this.command) {
      const text = this.input.value.trim();
      if (text === "" || text.startsWith("/")) return;
      this.showText("");
      this.input.focus();
      if (!(await this.acts.say(text)) && this.input && this.input.value === "") this.input.value = text;
      return;
    }
    const values = this.values();
    for (const field of this.fields.values()) {
      const { option, input, box } = field;
      const empty = field.value === undefined && input.value === "";
      const wrong = empty ? option.required : values[option.name] === undefined
        || (option.min_length && [...input.value].length < option.min_length)
        || (typeof values[option.name] === "number" && (values[option.name] < (option.min_value ?? -Infinity) || values[option.name] > (option.max_value ?? Infinity)));
      if (wrong) {
        box.classList.add("wrong");
        input.focus();
        this.help.replaceChildren(h("span", { class: "problem" }, empty ? `${option.name} is required` : `${option.name}: this value is not possible`));
        return;
      }
    }
    const name = this.command.name;
    this.leave();
    await this.acts.slash(name, values);
  }

  /** Opens a command as if it had been typed; false if there is none of that name. */
  open(name) {
    const command = this.commands.find((each) => each.name === name);
    if (command) this.choose(command);
    return Boolean(command);
  }

  // ---- the list above ----

  suggest(entries, heading, nothing) {
    this.list = entries;
    this.at = 0;
    const items = entries.map((entry, index) => h("div", {
      class: "option", role: "option", id: `suggestion-${index}`, "aria-selected": "false",
      onpointerdown: (event) => event.preventDefault(), onclick: () => entry.take(), onpointermove: () => this.mark(index),
    }, entry.face));
    this.popup.replaceChildren(h("div", { class: "menu-heading" }, heading), ...(items.length ? items : [h("div", { class: "nothing" }, nothing)]));
    this.popup.hidden = false;
    document.activeElement?.setAttribute?.("aria-expanded", "true");
    this.mark(0);
  }

  mark(index) {
    this.at = index;
    this.popup.querySelectorAll(".option").forEach((item, each) => item.setAttribute("aria-selected", String(each === index)));
    const marked = this.popup.querySelector('[aria-selected="true"]');
    marked?.scrollIntoView({ block: "nearest" });
    if (marked) document.activeElement?.setAttribute?.("aria-activedescendant", marked.id);
  }

  /** Handles a key while the list is open; whether it did. */
  listKey(event) {
    if (this.popup.hidden || event.isComposing) return false;
    const count = this.list.length;
    if (event.key === "Escape" && !this.command) this.hide();
    else if (event.key === "ArrowDown" && count) this.mark((this.at + 1) % count);
    else if (event.key === "ArrowUp" && count) this.mark((this.at - 1 + count) % count);
    else if ((event.key === "Tab" || event.key === "Enter") && !event.shiftKey && count && !this.settled()) this.list[this.at].take();
    else return false;
    event.preventDefault();
    return true;
  }

  /** Whether the focused field already holds a choice: Enter then sends. */
  settled() {
    const field = [...this.fields.values()].find((each) => each.input === document.activeElement);
    return field?.value !== undefined || (field && !field.option.required && field.input.value === "");
  }

  hide() {
    this.popup.hidden = true;
    this.list = [];
    this.asked += 1;
    this.bar.querySelectorAll("[aria-expanded]").forEach((each) => each.setAttribute("aria-expanded", "false"));
  }

  hideSoon() {
    setTimeout(() => {
      if (!this.bar.contains(document.activeElement)) this.hide();
    }, 150);
  }
}
