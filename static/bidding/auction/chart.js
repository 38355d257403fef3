// The ladder as a picture: price against time, a step for every quote. Drawn as SVG, with nothing from elsewhere;
// the table below it says the same.

import { separated } from "../../parts/yuan.js";
import { tr } from "../../parts/words.js";
import { yuan } from "../../proofs/auction.js";

const NS = "http://www.w3.org/2000/svg";
const [HIGH, LEFT, RIGHT, TOP, BOTTOM] = [260, 84, 16, 16, 34];
const [NARROW, WIDEST] = [300, 760]; // the picture is as wide as its place, so that its words stay readable on a phone
const MOST_DOTS = 60; // more would be a smear
const clock = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit" });

function shape(tag, attributes, text) {
  const made = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  if (text) made.textContent = text;
  return made;
}

/** Round sums between the lowest and the highest, at most five, in yuan. */
function marks(low, high) {
  const rough = (high - low) / 4 || high / 4 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((times) => times * power).find((each) => each >= rough);
  const found = [];
  for (let mark = Math.ceil(low / step) * step; mark <= high; mark += step) found.push(mark);
  return found;
}

/**
 * Draw the ladder.
 * @param {HTMLElement} place @param {any} ladder of proofs/auction.js @param {string} own the reader's own alias, or nothing
 * @param {number} now microseconds: how far the line is drawn
 */
export function draw(place, ladder, own, now) {
  const { quotes } = ladder;
  place.hidden = !quotes.length;
  if (!quotes.length) return;
  const WIDE = Math.min(WIDEST, Math.max(NARROW, place.clientWidth));
  const begins = Math.min(...quotes.map(({ at }) => at));
  const ends = Math.max(quotes.at(-1).at, ladder.ended ? ladder.endsAt : Math.min(now, ladder.endsAt), begins + 1);
  const prices = [Number(ladder.start) / 100, ...quotes.map(({ price }) => Number(price) / 100)];
  const [low, high] = [Math.min(...prices), Math.max(...prices)];
  const room = (high - low) * 0.08 || high * 0.08;
  const x = (at) => LEFT + ((Math.max(at, begins) - begins) / (ends - begins)) * (WIDE - LEFT - RIGHT);
  const y = (price) => TOP + ((high + room - price) / (high - low + 2 * room)) * (HIGH - TOP - BOTTOM);

  const words = tr`报价阶梯图：共 ${quotes.length} 次报价，从 ${separated(yuan(quotes[0].price))} 元降到 ${separated(yuan(ladder.best))} 元。逐次报价见下表。`;
  const picture = shape("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": words });
  for (const mark of marks(low, high)) {
    picture.append(
      shape("line", { x1: LEFT, x2: WIDE - RIGHT, y1: y(mark), y2: y(mark), class: "rule" }),
      shape("text", { x: LEFT - 8, y: y(mark) + 4, "text-anchor": "end", class: "mark" }, mark.toLocaleString("zh-CN")),
    );
  }
  const path = quotes.map(({ at, price }, place) => `${place ? `H${x(at).toFixed(1)}V` : `M${x(at).toFixed(1)} `}${y(Number(price) / 100).toFixed(1)}`);
  picture.append(shape("path", { d: `${path.join("")}H${x(ends).toFixed(1)}`, class: "ladder" }));
  for (const { at, price, alias, number } of quotes.slice(-MOST_DOTS)) {
    const mine = alias === own;
    const dot = mine
      ? shape("rect", { x: x(at) - 5, y: y(Number(price) / 100) - 5, width: 10, height: 10, class: "dot dot--mine" })
      : shape("circle", { cx: x(at), cy: y(Number(price) / 100), r: 4, class: "dot" });
    dot.append(shape("title", {}, tr`第 ${number} 次报价：${alias} 号 ${separated(yuan(price))} 元`));
    picture.append(dot);
  }
  for (const [at, anchor] of [[begins, "start"], [ends, "end"]]) {
    picture.append(shape("text", { x: x(at), y: HIGH - 10, "text-anchor": anchor, class: "mark" }, clock.format(at / 1000)));
  }
  const caption = document.createElement("figcaption");
  caption.textContent = own ? tr`纵轴为报价（元），横轴为到达时间；方块是您的报价，圆点是其他代号的。` : tr`纵轴为报价（元），横轴为到达时间。`;
  place.replaceChildren(picture, caption);
}
