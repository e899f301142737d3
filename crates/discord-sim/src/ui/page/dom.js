// Building elements. All text becomes text nodes: nothing on this page is ever parsed as HTML.

const SVG = "http://www.w3.org/2000/svg";

/** Makes an element; properties starting with `on` are listeners, `null` and `false` are left out. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "style") for (const [key, style] of Object.entries(value)) element.style.setProperty(key, style);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** A drawn icon: one path on a 24 by 24 grid. */
export function icon(path, label) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else {
    svg.setAttribute("aria-hidden", "true");
  }
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

export const ICONS = {
  hash: "M10 3 8 21M16 3l-2 18M4 8.5h17M3 15.5h17",
  eye: "M2 12s3.5-6.5 10-6.5S22 12 22 12s-3.5 6.5-10 6.5S2 12 2 12Zm10-3a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z",
  smile: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM8.5 14.5c1.800 2.400 5.200 2.400 7 0M9 9.5v.1M15 9.5v.1",
  dots: "M5 12v.1M12 12v.1M19 12v.1",
  app: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM17 14v6M14 17h6",
  send: "M4 12 20 4l-5 16-3.5-6.5L4 12Z",
  link: "M14 5h5v5M19 5l-8 8M11 7H6v11h11v-5",
};

/** Only web addresses may be followed or loaded. */
export function webAddress(text) {
  try {
    const url = new URL(text);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

/** The channel and message that an address of Discord's own means, if it is one. */
function placeOf(href) {
  const url = new URL(href);
  const [, channel, message] = /^\/channels\/\d+\/(\d+)(?:\/(\d+))?$/.exec(url.pathname) ?? [];
  return url.hostname === "discord.com" && channel ? { channel, message } : null;
}

/**
 * A link that tells its target nothing about this page. One to a place in Discord leads to that place
 * here: the page listens for `jump`.
 */
export function link(address, children, properties = {}) {
  const href = webAddress(address);
  if (!href) return h("span", properties, children);
  const place = placeOf(href);
  const jump = (event) => {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("jump", { detail: place }));
  };
  return h("a", { href, target: "_blank", rel: "noopener noreferrer nofollow", onclick: place ? jump : null, ...properties }, children);
}

const hues = new Map();

/** Gives these ids colours that are far from each other. */
export function spreadHues(ids) {
  ids.forEach((id, index) => hues.set(id, (205 + index * 137.5) % 360));
}

/** A steady colour for an id. */
export function hue(id) {
  if (hues.has(id)) return hues.get(id);
  let sum = 0;
  for (const letter of String(id)) sum = (sum * 31 + letter.charCodeAt(0)) % 3600;
  return (sum * 137) % 360;
}

/** A person's or the bot's round picture: an initial on a colour of their own. */
export function avatar(user, size = 40) {
  const name = displayName(user);
  return h("span", {
    class: user.bot ? "avatar bot" : "avatar", "aria-hidden": "true",
    style: { "--hue": hue(user.id), "--size": `${size}px` },
  }, user.bot ? icon("M7 8h10a3 3 0 0 1 3 3v5a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3v-5a3 3 0 0 1 3-3ZM12 8V4M9 13v1M15 13v1") : [...name][0]?.toUpperCase() ?? "?");
}

export function displayName(user) {
  return user?.global_name || user?.name || user?.username || "Unknown";
}

/** Shows a short notice that goes away by itself. */
export function toast(text) {
  const note = h("div", { class: "toast" }, text);
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), 7000);
}
