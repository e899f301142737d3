// Discord's Markdown, as far as bots use it, turned into elements. Text stays text: the only elements
// made are those named here, and the only attribute taken from a message is a checked web address.

import { h, link, webAddress } from "./dom.js";

const DEEPEST = 8;

/** Renders a whole text: headings, lists, quotes, code blocks, and lines. `names` resolves mentions. */
export function blocks(text, names, { links = true } = {}) {
  const context = { names, links };
  const out = [];
  const lines = String(text ?? "").replace(/\r\n?/g, "\n").split("\n");
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at];
    const fence = /^```([\w+-]*)\s*$/.exec(line);
    const fenceEnd = fence ? lines.indexOf("```", at + 1) : -1;
    if (fenceEnd > at) {
      out.push(h("pre", {}, h("code", {}, lines.slice(at + 1, fenceEnd).join("\n"))));
      at = fenceEnd;
    } else if (line.startsWith(">>> ")) {
      const rest = [line.slice(4), ...lines.slice(at + 1)].join("\n");
      out.push(h("blockquote", {}, blocks(rest, names, { links })));
      break;
    } else if (line.startsWith("> ")) {
      const quoted = [];
      while (at < lines.length && lines[at].startsWith("> ")) quoted.push(lines[at++].slice(2));
      at -= 1;
      out.push(h("blockquote", {}, blocks(quoted.join("\n"), names, { links })));
    } else if (/^#{1,3} \S/.test(line)) {
      const level = line.indexOf(" ");
      out.push(h("div", { class: `heading h${level}`, role: "heading", "aria-level": level + 1 }, inline(line.slice(level + 1), context)));
    } else if (/^-# \S/.test(line)) {
      out.push(h("div", { class: "subtext" }, inline(line.slice(3), context)));
    } else if (/^\s*([-*]|\d{1,9}\.) \S/.test(line)) {
      const list = [];
      while (at < lines.length && /^\s*([-*]|\d{1,9}\.) \S/.test(lines[at])) list.push(lines[at++]);
      at -= 1;
      const numbered = /^\s*\d/.test(list[0]);
      out.push(h(numbered ? "ol" : "ul", numbered ? { start: parseInt(list[0], 10) } : {},
        list.map((item) => h("li", { class: /^\s{2,}/.test(item) ? "nested" : null },
          inline(item.replace(/^\s*([-*]|\d{1,9}\.) /, ""), context)))));
    } else {
      out.push(h("div", { class: "line" }, line === "" ? h("br") : inline(line, context)));
    }
  }
  return out;
}

/** Renders one line, without blocks. */
export function inlineText(text, names, { links = true } = {}) {
  return inline(String(text ?? "").replace(/\s*\n\s*/g, " "), { names, links });
}

// Each rule: where it starts, and what it makes of the match. The order matters: longest marks first.
const RULES = [
  [/\\([!-/:-@[-`{-~])/y, (m) => m[1]],
  [/<t:(-?\d{1,13})(?::([tTdDfFRsS]))?>/y, (m) => timestamp(Number(m[1]), m[2] ?? "f")],
  [/<@!?(\d{1,20})>/y, (m, c) => mention("@", c.names.user(m[1]))],
  [/<@&(\d{1,20})>/y, (m, c) => mention("@", c.names.role(m[1]))],
  [/<#(\d{1,20})>/y, (m, c) => mention("#", c.names.channel(m[1]))],
  [/<\/([^:<>]{1,99}):\d{1,20}>/y, (m) => h("span", { class: "mention" }, `/${m[1]}`)],
  [/<a?:(\w{2,32}):\d{1,20}>/y, (m) => h("span", { class: "emoji-name" }, `:${m[1]}:`)],
  [/<(https?:\/\/[^\s<>]+)>/y, (m, c) => anchor(m[1], m[1], c)],
  [/\[((?:\\.|[^[\]\\\n])+)\]\(<?(https?:\/\/[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?: "[^"\n]*")?\)/y,
    (m, c, depth) => anchor(m[2], inline(m[1], { ...c, links: false }, depth + 1), c)],
  [/https?:\/\/[^\s<>]*[^\s<>.,:;"'\])*_~|]/y, (m, c) => anchor(m[0], m[0], c)],
  [/@(everyone|here)\b/y, (m) => h("span", { class: "mention" }, m[0])],
  [/\*\*\*((?:\\.|[^\\])+?)\*\*\*(?!\*)/y, (m, c, d) => h("strong", {}, h("em", {}, inline(m[1], c, d + 1)))],
  [/\*\*((?:\\.|[^\\])+?)\*\*(?!\*)/y, (m, c, d) => h("strong", {}, inline(m[1], c, d + 1))],
  [/__((?:\\.|[^\\])+?)__(?!_)/y, (m, c, d) => h("u", {}, inline(m[1], c, d + 1))],
  [/\*(?=\S)((?:\\.|\*\*|[^\\*])+?)(?<=\S)\*(?!\*)/y, (m, c, d) => h("em", {}, inline(m[1], c, d + 1))],
  [/_((?:\\.|__|[^\\_])+?)_(?![_\w])/y, (m, c, d) => h("em", {}, inline(m[1], c, d + 1))],
  [/~~((?:\\.|[^\\])+?)~~(?!~)/y, (m, c, d) => h("s", {}, inline(m[1], c, d + 1))],
  [/\|\|((?:\\.|[^\\])+?)\|\|/y, (m, c, d) => spoiler(inline(m[1], c, d + 1))],
];
/** Code between two equally long runs of backticks; a run without its like is text, as a whole. */
function codeAt(text, at) {
  const run = /`+/y;
  run.lastIndex = at;
  const [open] = run.exec(text);
  const start = at + open.length;
  for (let next = text.indexOf("`", start); next >= 0; next = text.indexOf("`", run.lastIndex)) {
    run.lastIndex = next;
    const [close] = run.exec(text);
    if (close.length === open.length) return { made: h("code", {}, text.slice(start, next).trim()), end: run.lastIndex };
  }
  return { made: open, end: start };
}

const SPECIAL = /[\\`<[@*_~|]|https?:/g;

function inline(text, context, depth = 0) {
  if (depth > DEEPEST) return [text];
  const out = [];
  let plain = "";
  let at = 0;
  while (at < text.length) {
    SPECIAL.lastIndex = at;
    const next = SPECIAL.exec(text)?.index ?? text.length;
    plain += text.slice(at, next);
    at = next;
    if (at >= text.length) break;
    let made = null;
    if (text[at] === "`") {
      const code = codeAt(text, at);
      made = code.made;
      at = code.end;
    } else for (const [pattern, make] of RULES) {
      // An underscore within a word is a letter, as in file_names.
      if (text[at] === "_" && /\w/.test(text[at - 1] ?? "")) break;
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      if (!match) continue;
      made = make(match, context, depth);
      at += match[0].length;
      break;
    }
    if (made === null) {
      plain += text[at];
      at += 1;
    } else if (typeof made === "string") {
      plain += made;
    } else {
      if (plain) out.push(plain);
      plain = "";
      out.push(made);
    }
  }
  if (plain) out.push(plain);
  return out;
}

function anchor(address, label, context) {
  return context.links && webAddress(address) ? link(address, label) : h("span", {}, label);
}

function mention(sign, name) {
  return h("span", { class: "mention" }, sign, name);
}

function spoiler(children) {
  const cover = h("span", {
    class: "spoiler", role: "button", tabindex: "0", "aria-label": "Spoiler: press to show",
    onclick: (event) => show(event), onkeydown: (event) => (event.key === "Enter" || event.key === " ") && show(event),
  }, h("span", { class: "covered" }, children));
  const show = (event) => {
    if (cover.classList.contains("shown")) return;
    event.preventDefault();
    cover.classList.add("shown");
    cover.removeAttribute("role");
    cover.removeAttribute("aria-label");
  };
  return cover;
}

const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
  s: { dateStyle: "short", timeStyle: "short" },
  S: { dateStyle: "short", timeStyle: "medium" },
};

function timestamp(secs, style) {
  const date = new Date(secs * 1000);
  if (Number.isNaN(date.getTime())) return h("span", {}, "Invalid date");
  const full = new Intl.DateTimeFormat(undefined, STYLES.F).format(date);
  const text = style === "R" ? relative(secs) : new Intl.DateTimeFormat(undefined, STYLES[style]).format(date);
  return h("time", { class: "stamp", datetime: date.toISOString(), title: full, "data-relative": style === "R" ? secs : null }, text);
}

const UNITS = [["year", 31557600], ["month", 2629800], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const RELATIVE = new Intl.RelativeTimeFormat(undefined, { numeric: "always" });

/** "in 3 hours", "5 minutes ago". */
function relative(secs) {
  const away = secs - Date.now() / 1000;
  const [unit, length] = UNITS.find(([, size]) => Math.abs(away) >= size) ?? UNITS.at(-1);
  return RELATIVE.format(Math.round(away / length), unit);
}

/** Brings every relative time on the page up to date. */
export function refreshTimes() {
  for (const element of document.querySelectorAll("time[data-relative]")) {
    const text = relative(Number(element.dataset.relative));
    if (element.textContent !== text) element.textContent = text;
  }
}
