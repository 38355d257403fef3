// A line of the record comes as markup made by this site. It is never given to the browser as markup: these few tags
// and attributes are read here and made one by one, and everything else is text.

const TAGS = new Set(["li", "time", "span", "b", "strong", "small", "code", "a", "p", "em", "i", "br", "details", "summary", "ul"]);
const ATTRIBUTES = new Set(["class", "id", "datetime", "title", "lang", "data-seq", "aria-hidden"]);
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", "#x27": "'", "#39": "'", nbsp: "\u00a0" };
const TOKEN = /<(\/?)([a-z0-9]+)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*\/?>|([^<]+)|</gi;
const ATTRIBUTE = /([a-z-]+)(?:="([^"]*)")?/gi;

const plain = (text) => text.replace(/&(#?[a-z0-9]+);/gi, (whole, name) => ENTITIES[name.toLowerCase()] ?? whole);

/** The nodes a line's markup describes. @param {string} markup @returns {DocumentFragment} */
export function fragment(markup) {
  const made = document.createDocumentFragment();
  const open = [made];
  for (const [whole, closing, name, attributes, text] of markup.matchAll(TOKEN)) {
    const tag = name?.toLowerCase();
    if (text !== undefined || tag === undefined || !TAGS.has(tag)) {
      if (text !== undefined) open.at(-1).append(plain(text));
      else if (tag === undefined) open.at(-1).append(whole);
    } else if (closing) {
      const at = open.findLastIndex((node) => node.localName === tag);
      if (at > 0) open.length = at;
    } else {
      const element = document.createElement(tag);
      for (const [, key, value] of attributes.matchAll(ATTRIBUTE)) {
        const told = plain(value ?? "");
        // A link leads only within this site.
        if (ATTRIBUTES.has(key) || (key === "href" && /^\/(?!\/)/.test(told))) element.setAttribute(key, told);
      }
      open.at(-1).append(element);
      if (tag !== "br") open.push(element);
    }
  }
  return made;
}
