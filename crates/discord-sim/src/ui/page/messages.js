// How a message looks: author, text, embeds, files, components, reactions. Knows nothing of the network.

import { avatar, displayName, h, icon, ICONS, link, webAddress } from "./dom.js";
import { emoji, rows } from "./components.js";
import { blocks, inlineText } from "./markdown.js";

const EPHEMERAL = 1 << 6;
const LOADING = 1 << 7;
/** Messages of one author within this time stand under one name. */
const TOGETHER_MS = 7 * 60 * 1000;

/** Whether `message` stands under the name of the one before it. */
export function isCompact(message, before) {
  return Boolean(before) && before.author.id === message.author.id && !message.interaction_metadata
    && !message.message_reference && !((message.flags ^ before.flags) & EPHEMERAL)
    && Date.parse(message.timestamp) - Date.parse(before.timestamp) < TOGETHER_MS
    && new Date(message.timestamp).toDateString() === new Date(before.timestamp).toDateString();
}

/** One message as an element. `context` has names, directory, pending, failure, and the acts. */
export function messageElement(message, context) {
  const ephemeral = Boolean(message.flags & EPHEMERAL);
  const author = message.author;
  const time = new Date(message.timestamp);
  const classes = ["message", ephemeral && "ephemeral", context.compact && "compact", context.named && "names-me"].filter(Boolean).join(" ");
  return h("article", {
    class: classes, "data-id": message.id, "aria-label": `${displayName(author)}, ${clock(time)}`,
    oncontextmenu: (event) => {
      if (ephemeral || window.getSelection()?.toString() || event.target.closest("a, input, textarea")) return;
      event.preventDefault();
      context.openMenu(message, { x: event.clientX, y: event.clientY });
    },
  },
  context.compact ? null : origin(message, context),
  context.compact
    ? h("time", { class: "side-time", datetime: message.timestamp }, new Intl.DateTimeFormat(undefined, { timeStyle: "short" }).format(time))
    : avatar(author),
  h("div", { class: "body" },
    context.compact ? null : h("header", { class: "byline" }, h("span", { class: "author" }, displayName(author)),
      author.bot ? h("span", { class: "tag" }, "BOT") : null, h("time", { datetime: message.timestamp }, clock(time))),
    message.flags & LOADING ? thinking(author) : content(message, context),
    (message.embeds ?? []).map((embed) => embedElement(embed, context.names)),
    (message.attachments ?? []).map(attachment),
    message.components?.length ? h("div", { class: "components" }, rows(message.components, context)) : null,
    context.failure ? h("div", { class: "failed", role: "alert" }, context.failure) : null,
    reactions(message, context),
    ephemeral ? h("footer", { class: "only-you" }, icon(ICONS.eye), "Only you can see this · ",
      h("button", { class: "linklike", "data-key": "dismiss", onclick: () => context.dismiss(message) }, "Dismiss message")) : null),
  ephemeral ? null : tools(message, context));
}

function clock(time) {
  const today = new Date().toDateString() === time.toDateString();
  return today
    ? `Today at ${new Intl.DateTimeFormat(undefined, { timeStyle: "short" }).format(time)}`
    : new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "short" }).format(time);
}

/** The line above: whose command this answers, or which message. */
function origin(message, { names, find, isSlash }) {
  const metadata = message.interaction_metadata;
  if (metadata?.name && message.interaction) {
    return h("div", { class: "origin" }, avatar(metadata.user, 16), h("b", {}, names.user(metadata.user.id)), " used ",
      h("span", { class: "used" }, isSlash(metadata.name) ? `/${metadata.name}` : metadata.name));
  }
  const replied = message.message_reference?.message_id;
  if (!replied) return null;
  const target = find(replied);
  return h("div", { class: "origin" }, target
    ? [avatar(target.author, 16), h("b", {}, displayName(target.author)), " ", h("span", {}, (target.content || "an embed").slice(0, 90))]
    : h("i", {}, "Original message was deleted"));
}

function thinking(author) {
  return h("div", { class: "thinking", role: "status" },
    h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), ` ${displayName(author)} is thinking…`);
}

function content(message, { names }) {
  if (!message.content) return null;
  return h("div", { class: "content" }, blocks(message.content, names),
    message.edited_timestamp ? h("span", { class: "edited", title: new Date(message.edited_timestamp).toLocaleString() }, "(edited)") : null);
}

function picture(source, className, alternative) {
  const src = webAddress(source?.url);
  if (!src) return null;
  const image = h("img", { class: className, src, alt: alternative, loading: "lazy", decoding: "async", referrerpolicy: "no-referrer",
    onerror: () => image.classList.add("missing") });
  return link(src, image, { class: `${className}-link`, "aria-label": "Open the picture" });
}

function embedElement(embed, names) {
  const colour = Number.isInteger(embed.color) ? `#${embed.color.toString(16).padStart(6, "0")}` : null;
  const title = embed.title ? inlineText(embed.title, names, { links: false }) : null;
  const fields = embed.fields ?? [];
  return h("section", { class: embed.thumbnail ? "embed with-thumbnail" : "embed", style: colour ? { "--bar": colour } : {} },
    h("div", { class: "embed-text" },
      embed.author?.name ? h("div", { class: "embed-author" }, embed.author.url ? link(embed.author.url, embed.author.name) : embed.author.name) : null,
      title ? h("div", { class: "embed-title" }, embed.url ? link(embed.url, title) : title) : null,
      embed.description ? h("div", { class: "embed-description" }, blocks(embed.description, names)) : null,
      fields.length ? h("div", { class: "embed-fields" }, fields.map((each) => h("div", { class: each.inline ? "embed-field inline" : "embed-field" },
        h("div", { class: "field-name" }, inlineText(each.name, names, { links: false })), h("div", {}, blocks(each.value, names))))) : null),
    picture(embed.thumbnail, "thumbnail", embed.title ? `Picture: ${embed.title}` : "Picture"),
    picture(embed.image, "image", embed.title ? `Picture: ${embed.title}` : "Picture"),
    embed.footer?.text || embed.timestamp ? h("footer", { class: "embed-footer" },
      [embed.footer?.text, embed.timestamp ? clock(new Date(embed.timestamp)) : null].filter(Boolean).join(" • ")) : null);
}

function attachment(file) {
  if (file.content_type?.startsWith("image/")) return h("div", { class: "attachment" }, picture(file, "image", file.description ?? file.filename));
  return h("div", { class: "attachment file" }, link(file.url, file.filename), h("small", {}, size(file.size)));
}

function size(bytes) {
  return bytes < 1024 ? `${bytes} bytes` : bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

function reactions(message, { react }) {
  if (!message.reactions?.length) return null;
  return h("div", { class: "reactions" }, message.reactions.map((each) => h("button", {
    class: each.me ? "reaction mine" : "reaction", "aria-pressed": String(Boolean(each.me)), "data-key": `react-${each.emoji.name}`,
    "aria-label": `${each.emoji.name}, ${each.count}`, onclick: () => react(message, each.emoji, !each.me),
  }, emoji(each.emoji), h("span", {}, each.count))));
}

/** What appears when a message is pointed at or focused. */
function tools(message, { openMenu, openEmoji }) {
  return h("div", { class: "tools" },
    h("button", { class: "icon-button", "aria-label": "Add a reaction", "data-key": "react", onclick: (event) => openEmoji(message, event.currentTarget) }, icon(ICONS.smile)),
    h("button", { class: "icon-button", "aria-label": "More", "aria-haspopup": "menu", "data-key": "more", onclick: (event) => openMenu(message, event.currentTarget) }, icon(ICONS.dots)));
}
