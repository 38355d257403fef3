// Asking the site's doors, and what a refusal says.

import { el } from "./dom.js";
import { tr } from "./words.js";

/** The house said no, with its reasons. */
export class Refusal extends Error {
  name = "Refusal";

  /** @param {number} status @param {any} told the problem document */
  constructor(status, told) {
    super(told.title ?? `HTTP ${status}`);
    this.status = status;
    this.reasons = told.reasons ?? [];
    this.errors = told.errors ?? [];
  }

  has(code) {
    return this.reasons.some((reason) => reason.code === code);
  }
}

/** Nobody answered: nothing is known of what happened, and trying again is safe. */
export class Unreachable extends Error {
  name = "Unreachable";
}

const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

async function ask(url, options) {
  try {
    return await askOnce(url, options);
  } catch (wrong) {
    if (!(wrong instanceof Refusal && wrong.has("accounts.step-up"))) throw wrong;
    // Only for whoever meets it. The page names it: it asks these doors itself, and files in a ring have no hashed names.
    const { stepUp } = await import(document.querySelector("meta[name=step-up]").content);
    if (!(await stepUp())) throw wrong;
    return askOnce(url, options);
  }
}

async function askOnce(url, options) {
  let response;
  try {
    response = await fetch(url, { credentials: "same-origin", ...options });
  } catch {
    throw new Unreachable(tr`网络不通或服务器没有应答`);
  }
  if (response.ok) return response;
  let told = {};
  try {
    told = await response.json();
  } catch {
    // A proxy's error page has no reasons to show.
  }
  if (response.status >= 500) throw new Unreachable(told.title ?? tr`系统暂时不可用`);
  throw new Refusal(response.status, told);
}

const headers = (type) => ({ "Content-Type": type, "X-CSRFToken": token(), Accept: "application/json" });

/** @param {string} url @returns {Promise<any>} */
export const getJson = async (url) => (await ask(url, { headers: { Accept: "application/json" }, cache: "no-store" })).json();
/** @param {string} url @returns {Promise<string>} */
export const getText = async (url) => (await ask(url, { cache: "no-store" })).text();
/** @param {string} url @returns {Promise<Uint8Array>} */
export const getBytes = async (url) => new Uint8Array(await (await ask(url, {})).arrayBuffer());
/** @param {string} url @returns {Promise<Blob>} */
export const getBlob = async (url) => (await ask(url, {})).blob();
/** @param {string} url @param {any} value */
export const postJson = async (url, value) =>
  (await ask(url, { method: "POST", headers: headers("application/json"), body: JSON.stringify(value) })).json();
/** @param {string} url @param {Blob} blob */
export const putBlob = async (url, blob) =>
  (await ask(url, { method: "PUT", headers: headers("application/octet-stream"), body: blob })).json();

/** Any other request; the answer as it came, where it is no refusal. @param {string} url @param {RequestInit} options */
export const request = (url, options) => ask(url, { ...options, headers: { "X-CSRFToken": token(), Accept: "application/json", ...options.headers } });

/** A page or part of one as a document: read by the browser, not made from a string. @param {string} url */
export function getDocument(url) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", url);
    request.responseType = "document";
    request.onload = () => (request.status === 200 ? resolve(request.response) : reject(new Unreachable(`HTTP ${request.status}`)));
    request.onerror = () => reject(new Unreachable(tr`网络不通`));
    request.send();
  });
}

/** Every public entry of a stream after a number, in order. @param {string} stream */
export async function entriesOf(stream, after = 0) {
  const all = [];
  for (let last = after; ; last = all.at(-1).seq) {
    const answer = await getJson(`/api/streams/${stream}/entries?after=${last}`);
    const page = Array.isArray(answer) ? answer : answer.entries;
    if (!page.length) return all;
    all.push(...page);
  }
}

const WORDS = {
  WrongPassphrase: tr`口令打不开这个密钥文件。请检查大小写和输入法后重试；口令无人能替您找回，可用恢复单重做密钥文件。`,
  NotCanonical: tr`内容不符合规定格式，未做任何提交`,
  NotThisEnvelope: tr`服务器给出的信封与您的回执不是同一份。请勿继续，保存回执并联系监督部门。`,
  BadNote: tr`签名的文本核对不上`,
  NotReadableError: tr`文件读不出来：封标时文件被修改、移动或删除了。请重新选择文件后再封标。`,
  Unreachable: tr`网络不通或服务器暂时没有应答。已填写的内容都在本机，请稍后重试；重复提交是安全的。`,
};

/** What went wrong and what to do now, as an alert. @param {any} wrong @returns {HTMLElement} */
export function trouble(wrong) {
  if (wrong instanceof Refusal) {
    const lines = wrong.reasons.map(({ text, law }) => el("li", {}, text, law ? el("span", { class: "law" }, ` ${law}`) : null));
    const more = wrong.errors.map((error) => el("li", {}, `${error.at?.join(".")}: ${error.text}`));
    return el("div", { class: "say say--bad", role: "alert" }, el("b", {}, wrong.message), el("ul", { class: "reasons" }, ...lines, ...more));
  }
  const known = WORDS[wrong?.name];
  const detail = wrong instanceof Error && wrong.name !== "Unreachable" && wrong.name !== "WrongPassphrase" ? wrong.message : "";
  return el("div", { class: "say say--bad", role: "alert" }, el("p", {}, known ?? detail), known && detail ? el("p", { class: "small muted" }, detail) : null);
}
