// The page: asks the local Discord what there is, shows it, and does what the person does. Owns who one
// is and where; keeps no copy of the truth but the last answer.

import { Composer } from "./composer.js";
import { avatar, displayName, h, hue, icon, ICONS, spreadHues, toast } from "./dom.js";
import { inlineText, refreshTimes } from "./markdown.js";
import { emojiPicker, form, menu } from "./menus.js";
import { isCompact, messageElement } from "./messages.js";

const EMOJI = ["👍", "👎", "❤️", "😂", "🎉", "🍿", "👀", "1️⃣", "2️⃣", "3️⃣", "✅", "❌"];
const $ = (id) => document.getElementById(id);

const here = { person: sessionStorage.getItem("person"), channel: sessionStorage.getItem("channel") };
let state = null;
/** What waits for the bot: "message custom_id". */
const pending = new Map();
/** What went wrong, by "person message", until the message changes. */
const failures = new Map();
/** Elements by message id, with what they were drawn from. */
const drawn = new Map();
/** Whether the end of the channel is in view and shall stay there. */
let following = true;

// ---- talking to the local Discord ----

async function post(path, body) {
  try {
    const response = await fetch(`/ui/${path}`, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ person: here.person, ...body }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error ?? response.statusText);
    return answer;
  } catch (error) {
    toast(error instanceof TypeError ? "The local Discord does not answer. Is it still running?" : error.message);
    return null;
  }
}

let loading = null;
let again = false;

/** Fetches and shows the state; calls made meanwhile become one more. */
function load() {
  if (loading) {
    again = true;
    return loading;
  }
  loading = (async () => {
    do {
      again = false;
      const asked = { ...here };
      const query = new URLSearchParams(Object.entries(asked).filter(([, id]) => id));
      try {
        const response = await fetch(`/ui/state?${query}`);
        if (!response.ok) throw new Error(response.statusText);
        const next = await response.json();
        // One may have become somebody else while this was under way.
        if (here.person === asked.person && here.channel === asked.channel) {
          state = next;
          spreadHues(state.people.map((each) => each.id));
          here.person = state.person;
          here.channel = state.channel;
          show();
        } else again = true;
      } catch {
        $("bot-state").textContent = "no connection";
      }
    } while (again);
    loading = null;
  })();
  return loading;
}

function listen() {
  const events = new EventSource("/ui/events");
  events.onopen = () => load();
  events.onmessage = (event) => {
    const { event: what, viewer_id: viewer } = JSON.parse(event.data);
    // What only somebody else sees, and what shows nowhere by itself, changes nothing here.
    if (!what.startsWith("interaction_") && (!viewer || viewer === here.person)) load();
  };
}

/** Waits for the bot's first answer to something done, and shows what came of it. */
async function interact(path, body, { key = null, message = null, told = "The application did not respond" } = {}) {
  if (key) {
    pending.set(key, here.person);
    failures.delete(`${here.person} ${message}`);
    show();
  }
  const person = here.person;
  const answer = await post(path, body);
  if (key) pending.delete(key);
  if (answer?.failed) {
    if (message) failures.set(`${person} ${message}`, "This interaction failed");
    else toast(`${told}: ${answer.failed}`);
  }
  if (answer?.modal) {
    form(answer.modal, async (fields) => {
      const sent = await post("modal", { person, interaction: answer.interaction, fields });
      return Boolean(sent) && !sent.failed;
    });
  }
  await load();
  if (key) show();
  return answer;
}

// ---- looking things up ----

const names = {
  user: (id) => state.users[id] ?? "unknown-user",
  role: (id) => guild()?.roles.find((role) => role.id === id)?.name ?? "unknown-role",
  channel: (id) => state.guilds.flatMap((each) => each.channels).find((channel) => channel.id === id)?.name ?? "unknown",
};

function guild() {
  return state.guilds.find((each) => each.channels.some((channel) => channel.id === state.channel));
}

function person() {
  return state.people.find((each) => each.id === state.person) ?? { id: "0", name: "Nobody" };
}

// ---- showing ----

function show() {
  if (!state) return;
  showPlaces();
  showPeople();
  showHints();
  showMessages();
  const place = guild();
  composer.update({
    commands: state.commands, bot: state.bot, botName: displayName(state.bot), channelName: names.channel(state.channel),
    directory: { members: place?.members ?? [], roles: place?.roles ?? [], channels: place?.channels ?? [] },
  });
}

/** Replaces the children only if what they are made from has changed, so that focus and hover survive. */
function redraw(element, from, children) {
  const key = JSON.stringify(from);
  if (element.dataset.from === key) return;
  element.dataset.from = key;
  const focused = element.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  element.replaceChildren(...children().flat().filter(Boolean));
  if (focused) element.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}

function showPlaces() {
  const place = guild();
  redraw($("guilds"), [state.guilds, state.channel], () => state.guilds.map((each) => h("button", {
    class: "guild", title: each.name, "aria-label": each.name, "aria-current": each === place ? "true" : null, "data-key": each.id,
    style: { "--hue": hue(each.id) }, onclick: () => each.channels[0] && go({ channel: each.channels[0].id }),
  }, each.name.split(/\s+/).map((word) => [...word][0]).join("").slice(0, 3))));
  redraw($("guild-name"), place?.name, () => [h("span", {}, place?.name ?? "No server")]);
  redraw($("channels"), [place, state.channel], () => [
    h("div", { class: "side-heading" }, "Text channels"),
    (place?.channels ?? []).map((channel) => h("button", {
      class: "channel", "aria-current": channel.id === state.channel ? "page" : null, "data-key": channel.id,
      onclick: () => { go({ channel: channel.id }); toggleSidebar(false); },
    }, icon(ICONS.hash), channel.name)),
    h("div", { class: "side-heading" }, `Members — ${place?.members.length ?? 0}`),
    (place?.members ?? []).map((member) => h("div", { class: "member" }, avatar(member, 24), h("span", {}, member.name), member.bot ? h("span", { class: "tag" }, "BOT") : null)),
  ]);
  redraw($("channel-name"), state.channel, () => [icon(ICONS.hash), names.channel(state.channel)]);
  const online = state.bot.online;
  redraw($("bot-state"), online, () => [h("span", { class: online ? "dot on" : "dot" }), online ? `${displayName(state.bot)} is online` : `${displayName(state.bot)} is offline`]);
  const count = state.violations.length;
  $("violations").hidden = count === 0;
  redraw($("violations"), count, () => [`⚠ ${count}`]);
  $("violations").setAttribute("aria-label", `The bot broke ${count} rules of Discord: show them`);
  document.title = `#${names.channel(state.channel)} · ${place?.name ?? "local Discord"}`;
}

function showPeople() {
  redraw($("people"), [state.people, state.person], () => [
    h("legend", {}, "You are ", h("b", {}, person().name)),
    state.people.map((each) => h("label", { class: "person", title: `Be ${each.name}` },
      h("input", { type: "radio", name: "person", value: each.id, checked: each.id === state.person, "aria-label": each.name, "data-key": each.id, onchange: () => go({ person: each.id }) }),
      avatar(each, 32), h("span", { class: "person-name" }, each.name))),
  ]);
  redraw($("me"), person(), () => [avatar(person(), 32), h("div", {}, h("b", {}, person().name), h("small", {}, "the person you are now"))]);
}

function showHints() {
  const closed = sessionStorage.getItem("hints") === "closed";
  $("hints").hidden = closed || state.hints.length === 0;
  redraw($("hints"), state.hints, () => [
    h("ol", {}, state.hints.map((hint) => h("li", {}, clickable(inlineText(hint, names))))),
    h("button", { class: "icon-button", "aria-label": "Hide the first steps", onclick: () => { sessionStorage.setItem("hints", "closed"); showHints(); } }, "×"),
  ]);
}

/** Commands named in a hint open with a click. */
function clickable(nodes) {
  return nodes.map((node) => node.tagName === "CODE" && node.textContent.startsWith("/")
    ? h("button", { class: "hint-command", onclick: () => composer.open(node.textContent.slice(1).split(":")[0].trim()) || toast("The bot has not registered that command yet.") }, node.textContent)
    : node);
}

function contextOf(message, before) {
  const waiting = [...pending].filter(([key, who]) => who === here.person && key.startsWith(`${message.id} `)).map(([key]) => key.slice(message.id.length + 1));
  const place = guild();
  return {
    names, pending: new Set(waiting), busy: waiting.length > 0, failure: failures.get(`${here.person} ${message.id}`), compact: isCompact(message, before),
    named: state.pinged.includes(message.id),
    directory: { members: place?.members ?? [], roles: place?.roles ?? [], channels: place?.channels ?? [] },
    isSlash: (name) => !state.commands.some((command) => command.type === 3 && command.name === name),
    find: (id) => state.messages.find((each) => each.id === id),
    use: (component, values) => interact(component.type === 2 ? "click" : "select",
      { channel: message.channel_id, message: message.id, custom_id: component.custom_id, values }, { key: `${message.id} ${component.custom_id}`, message: message.id }),
    react: (target, emoji, on) => post("react", { channel: target.channel_id, message: target.id, emoji: emoji.id ? `${emoji.name}:${emoji.id}` : emoji.name, on }),
    dismiss: (target) => post("dismiss", { channel: target.channel_id, message: target.id }),
    openMenu, openEmoji,
  };
}

function openEmoji(message, anchor) {
  emojiPicker(anchor, EMOJI, (emoji) => post("react", { channel: message.channel_id, message: message.id, emoji, on: true }));
}

function openMenu(message, anchor) {
  const apps = state.commands.filter((command) => command.type === 3).map((command) => [command.name,
    () => interact("message-command", { channel: message.channel_id, message: message.id, command: command.name }), avatar(state.bot, 20)]);
  const own = [["Add a reaction", () => openEmoji(message, anchor)], ["Copy the text", () => navigator.clipboard?.writeText(message.content)]];
  if (message.author.id === here.person) own.push(["Delete the message", () => post("dismiss", { channel: message.channel_id, message: message.id })]);
  menu(anchor, [[null, own], ["Apps", apps]]);
}

function showMessages() {
  const log = $("log");
  const focusedKey = log.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const focusedId = document.activeElement?.closest?.(".message")?.dataset.id;
  const keep = new Set();
  let day = null;
  let newest = false;
  const shownBefore = drawn.size > 0;
  const children = [];
  state.messages.forEach((message, index) => {
    const context = contextOf(message, state.messages[index - 1]);
    const on = new Date(message.timestamp).toDateString();
    if (on !== day) {
      day = on;
      children.push(dayLine(message.timestamp));
    }
    const key = JSON.stringify([here.person, message, [...context.pending], context.failure, context.compact, state.bot.name]);
    let entry = drawn.get(message.id);
    if (!entry || entry.key !== key) {
      const content = JSON.stringify(message);
      if (entry && entry.content !== content) {
        context.failure = null;
        for (const each of state.people) failures.delete(`${each.id} ${message.id}`);
      }
      const element = messageElement(message, context);
      if (entry) keepPictures(entry.element, element);
      else if (shownBefore) element.classList.add("arriving");
      newest ||= !entry;
      entry = { key, content, element };
      drawn.set(message.id, entry);
    }
    keep.add(message.id);
    children.push(entry.element);
  });
  for (const id of drawn.keys()) if (!keep.has(id)) drawn.delete(id);
  if (state.messages.length === 0) children.push(h("div", { class: "empty" }, h("div", { class: "empty-sign" }, icon(ICONS.hash)), h("h2", {}, `Welcome to #${names.channel(state.channel)}`), h("p", {}, "Nothing has been said here yet. Type / to see what the bot can do.")));
  settle(log, children);
  if (focusedKey && focusedId && !log.contains(document.activeElement)) {
    log.querySelector(`[data-id="${CSS.escape(focusedId)}"] [data-key="${CSS.escape(focusedKey)}"]`)?.focus({ preventScroll: true });
  }
  if (following) toEnd();
  else if (newest) $("to-end").hidden = false;
}

/** Moves pictures that are already loaded into the new element, so that an edit does not make them blink. */
function keepPictures(before, after) {
  const loaded = [...before.querySelectorAll("img")];
  for (const picture of after.querySelectorAll("img")) {
    const at = loaded.findIndex((each) => each.src === picture.src && each.complete && each.naturalWidth > 0);
    if (at >= 0) picture.replaceWith(loaded.splice(at, 1)[0]);
  }
}

/** Makes the children of the log these, touching only those that differ. */
function settle(log, children) {
  let at = log.firstChild;
  for (const child of children) {
    if (child === at) at = at.nextSibling;
    else if (at?.dataset?.day && at.dataset.day === child.dataset?.day) at = at.nextSibling;
    else log.insertBefore(child, at);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

function dayLine(timestamp) {
  return h("div", { class: "day", role: "separator", "data-day": new Date(timestamp).toDateString() }, h("span", {}, new Intl.DateTimeFormat(undefined, { dateStyle: "long" }).format(new Date(timestamp))));
}

function toEnd() {
  $("log").scrollTop = $("log").scrollHeight;
  $("to-end").hidden = true;
  following = true;
}

// ---- moving about ----

function go(where) {
  Object.assign(here, where);
  for (const [key, id] of Object.entries(where)) sessionStorage.setItem(key, id);
  composer.reset();
  if (where.channel) drawn.clear();
  load().then(() => where.channel && toEnd());
}

/** Shows a message, wherever it is; says so if it cannot be shown. */
async function jump({ channel, message }) {
  if (channel !== here.channel) {
    go({ channel });
    await load();
  }
  const element = message && $("log").querySelector(`[data-id="${CSS.escape(message)}"]`);
  if (message && !element) {
    toast("That message is not here any more.");
    return;
  }
  element?.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  element?.classList.add("found");
  setTimeout(() => element?.classList.remove("found"), 2000);
}

function toggleSidebar(open = !document.body.classList.contains("sidebar-open")) {
  document.body.classList.toggle("sidebar-open", open);
  $("open-sidebar").setAttribute("aria-expanded", String(open));
}

const composer = new Composer($("composer-area"), {
  say: (text) => post("say", { channel: here.channel, text }),
  slash: (command, options) => interact("slash", { channel: here.channel, command, options }),
  autocomplete: async (command, option, partial, options) => (await post("autocomplete", { channel: here.channel, command, option, partial, options }))?.choices ?? null,
});

$("open-sidebar").addEventListener("click", (event) => { event.stopPropagation(); toggleSidebar(); });
document.querySelector("main").addEventListener("click", () => toggleSidebar(false));
$("to-end").addEventListener("click", toEnd);
$("log").addEventListener("scroll", () => {
  const log = $("log");
  following = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  if (following) $("to-end").hidden = true;
});
// Pictures that arrive late, and a window that changes its size, push the end away.
$("log").addEventListener("load", () => following && toEnd(), true);
new ResizeObserver(() => following && toEnd()).observe($("log"));
document.addEventListener("jump", (event) => jump(event.detail));
$("violations").addEventListener("click", (event) => menu(event.currentTarget, [["The bot broke these rules of Discord", state.violations.slice(-12).map((text) => [text, () => {}])]]));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.body.classList.contains("sidebar-open")) toggleSidebar(false);
  const typing = event.target.closest?.("input, textarea, select, dialog, .popover");
  if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey && event.key.length === 1 && event.key !== " ") composer.focus();
});
setInterval(refreshTimes, 1000);
load().then(() => { toEnd(); composer.focus(); listen(); });
