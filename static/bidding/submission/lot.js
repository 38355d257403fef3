// One lot of the sitting: whether it is bid for, its price sheet, and files that are for it alone.

import { el, field } from "../../parts/dom.js";
import { fileChooser, whyNotFiles } from "./files.js";
import { guaranteeForm } from "./guarantee.js";
import { leaderForm } from "./leader.js";
import { priceSheet } from "./price-sheet.js";
import { terms, tr } from "../../parts/words.js";

/**
 * @typedef {{number: string, place: number, title: string, cap: string, parts: string[], policy: string, mayBid: boolean,
 *   why: string, mine: any, guarantee: {amount: string, forms: string[]}|null, leader: {certificate: string}|null}} Lot
 */

/** @param {Lot} lot @param {{limit: number, onchange: () => void, onfiles: (files: File[]) => void}} options */
export function lotForm(lot, { limit, onchange, onfiles }) {
  const suffix = `-${lot.place}`;
  const name = tr`第 ${lot.place} 标段`;
  const prices = priceSheet({ suffix, onchange });
  const guarantee = guaranteeForm(lot.guarantee, { suffix });
  const leader = leaderForm(lot.leader, { suffix });
  const own = fileChooser({ id: `bid-files${suffix}`, listId: `bid-chosen${suffix}`, label: tr`选择文件`, onchange: onfiles });
  const chosen = el("input", { type: "checkbox", id: `lot${suffix}`, disabled: !lot.mayBid });
  const state = el("small", { id: `lot-state${suffix}`, class: "muted" });
  const choice = field(`${name} · ${lot.title}`, chosen, { check: true, help: lot.mayBid ? tr`最高限价 ${lot.cap} 元` : lot.why });
  choice.append(state);
  const sheet = el("fieldset", { id: `lot-sheet${suffix}`, hidden: true },
    el("legend", {}, `${name} · ${lot.title}`), ...prices.nodes, prices.itemised, ...guarantee.nodes, ...leader.nodes,
    el("details", { class: "fold" }, el("summary", {}, tr`只用于本标段的文件（选填）`), el("div", { class: "stack" }, ...own.nodes)));
  let live = lot.mine.versions.some((version) => version.live);

  function refresh() {
    prices.refresh();
    sheet.hidden = !chosen.checked;
    state.textContent = live ? (chosen.checked ? tr`已有${terms.bid}，再次递交即替换` : tr`已递交，本单位持有回执`) : "";
  }

  return {
    ...lot, name, choice, sheet, prices, own, refresh,
    isChosen: () => chosen.checked,
    choose: (is) => { chosen.checked = is && lot.mayBid; },
    isLive: () => live,
    /** It was handed in: it is done with, until it is chosen again. */
    handedIn: () => { live = true; chosen.checked = false; refresh(); },
    /** What is missing for it, with the files all lots have in common: [the field's id, what to do]. */
    whyNot: (common) => {
      const files = [...common, ...own.files()];
      return [...prices.whyNot(), ...whyNotFiles(files, "bid-files", limit), ...guarantee.whyNot(files, "bid-files"), ...leader.whyNot()];
    },
    typed: () => ({ ...prices.typed(), guarantee: guarantee.typed(), leader: leader.typed(), chosen: chosen.checked }),
    guaranteeFile: (files) => guarantee.file(files),
    leaderFile: () => leader.file(),
    put: (fields) => {
      prices.put(fields ?? {});
      guarantee.put(fields?.guarantee);
      leader.put(fields?.leader);
      refresh();
    },
  };
}
