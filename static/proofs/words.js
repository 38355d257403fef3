// What a record's sentences call things: proofs/words.py, row by row.

import { tr } from "../parts/words.js";

const USUAL = {
  bidder: tr`投标人`, bid: tr`投标`, documents: tr`招标文件`, deadline: tr`投标截止`, opening: tr`开标`, sheet: tr`开标一览表`, read_out: tr`唱标`, award: tr`中标`,
};
const CONSULTATION = {
  bidder: tr`供应商`, bid: tr`响应`, documents: tr`磋商文件`, deadline: tr`提交响应文件截止`, opening: tr`开启`, sheet: tr`报价一览表`, read_out: tr`开启`, award: tr`成交`,
};
const NEGOTIATION = { ...CONSULTATION, documents: tr`谈判文件` };
const INQUIRY = { ...CONSULTATION, documents: tr`询价通知书` };
const OFFERING = {
  bidder: tr`中介服务机构`, bid: tr`报价`, documents: tr`采购需求`, deadline: tr`报价截止`, opening: tr`开启`, sheet: tr`报价单`, read_out: tr`开启`, award: tr`中选`,
};
/** @type {Map<unknown, typeof USUAL>} */
export const ROWS = new Map([
  ["214-2014", CONSULTATION], ["rehearsal-214", CONSULTATION], ["74-talks-2014", NEGOTIATION], ["rehearsal-74-talks", NEGOTIATION],
  ["74-quotes-2014", INQUIRY], ["rehearsal-74-quotes", INQUIRY],
  ["zjcs-price", OFFERING], ["rehearsal-price", OFFERING], ["zjcs-merit", OFFERING], ["rehearsal-merit", OFFERING],
]);

/** The words of an edition, whatever a record says it is. @param {unknown} edition */
export const wordsOf = (edition) => ROWS.get(edition) ?? USUAL;
