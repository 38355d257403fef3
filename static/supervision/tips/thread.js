// What pages of protected tips share: doors without any sign-in, checks of recipients' keys, opened messages.

import { b64u, hex, sha256, unb64u, unhex } from "../../proofs/bytes.js";
import * as canonical from "../../proofs/canonical.js";
import * as statements from "../../proofs/statement.js";
import * as tip from "../../proofs/tip.js";
import { el, say } from "../../parts/dom.js";
import { Refusal, Unreachable } from "../../parts/doors.js";
import { tr } from "../../parts/words.js";

/** What was checked does not hold. */
export class DoesNotHold extends Error {
  name = "DoesNotHold";
}

/** Ask a door as nobody: no cookie, no referrer, nothing kept. @param {string} url @param {any} value to be posted */
export async function anonymous(url, value) {
  const how = { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store", headers: { Accept: "application/json" } };
  if (value !== undefined) {
    how.method = "POST";
    how.body = JSON.stringify(value);
    how.headers["Content-Type"] = "application/json";
  }
  let response;
  try {
    response = await fetch(url, how);
  } catch {
    throw new Unreachable(tr`网络不通或服务器没有应答`);
  }
  if (response.ok) return response.json();
  if (response.status >= 500) throw new Unreachable(tr`系统暂时不可用`);
  throw new Refusal(response.status, await response.json().catch(() => ({})));
}

/** The pinned identity key of a body's generation. */
async function pinned(org, gen) {
  const { keys } = await anonymous(`/api/keys/${encodeURIComponent(org)}`);
  const found = keys.find((statement) => statement.gen === gen);
  if (!found) throw new DoesNotHold(tr`接收单位 ${org} 的身份公钥没有登记，不能使用。`);
  return unb64u(found.key, 32);
}

/** The reading keys of bodies as [code, key], each signed by its body for tips and for nothing else. */
export async function readersOf(recipients) {
  const readers = [];
  for (const { org, gen, key, statement } of recipients) {
    const said = statements.check(statement, "slots/1");
    const public_ = unb64u(key, 32);
    const fits = said.org === org && said.gen === gen && said.role === "c" && said.n === 1
      && canonical.same(said.unit, tip.UNIT) && said.keys_sha256 === hex(await sha256(public_));
    if (!fits || !(await statements.verify(said, await pinned(org, gen)))) {
      throw new DoesNotHold(tr`接收单位 ${org} 的接收公钥核对不上，没有发送。请换别的渠道举报，并告知监督机关。`);
    }
    readers.push([org, public_]);
  }
  return readers;
}

/**
 * The messages of a thread, each opened with one's own copy and checked: whose it is, its place, its day's tree.
 * @param {any} told @param {{by: any, place: number}} reader place: of one's copy, 0 the tipster's
 */
export async function opened(told, { by, place }) {
  const thread = unhex(told.thread, 32);
  const secret = await tip.readingKey(by);
  const roots = new Map();
  const messages = [];
  let key = null;
  for (const { seq, side, day, sealed, proof } of told.messages) {
    const all = unb64u(sealed);
    const whole = all.length / 3;
    const said = await tip.openCopy(all.slice(place * whole, (place + 1) * whole), secret, { thread, seq, whose: by.org });
    let holds = said !== null && said.from === side;
    if (holds && seq === 1) key = unb64u(said.key, 32);
    if (holds) holds = await tip.verify(said, side === tip.TIPSTER ? key : await pinned(side, said.gen));
    const kept = proof && (await included(proof, await tip.digestOf(thread, seq, all), day, roots));
    messages.push({ seq, side, day, said: holds ? said : null, kept });
  }
  return { thread, messages, readers: await readersOf(told.recipients), reply: firstReply(messages) };
}

const firstReply = (messages) => (messages[0]?.said ? unb64u(messages[0].said.reply, 32) : null);

async function included(proof, digest, day, roots) {
  if (!roots.size) {
    for (let after = 0, more = true; more; ) {
      const page = await anonymous(`/api/streams/tips/entries?after=${after}`);
      for (const entry of page.entries) {
        if (entry.kind === "tips.day") roots.set(entry.data.day, entry.data.root);
        after = entry.seq;
      }
      more = page.more;
    }
  }
  if (roots.get(day) !== proof.root) return false;
  return tip.isIncluded({
    nonce: unhex(proof.nonce, 32), digest, index: proof.index, proof: proof.path.map((each) => unhex(each, 32)),
    root: unhex(proof.root, 32),
  });
}

/** A thread as cards, the oldest first. @param {Map<string, string>} names of bodies by code */
export function cards(messages, names, mine) {
  return messages.map(({ seq, side, day, said, kept }) => {
    const who = side === mine ? tr`我` : side === tip.TIPSTER ? tr`举报人` : names.get(side) ?? side;
    const state = kept === null || kept === undefined ? tr`当日凭证次日公布` : kept ? tr`已记入当日凭证` : tr`当日凭证核对不上`;
    const body = said
      ? [said.number ? el("p", { class: "small" }, tr`项目编号：${said.number}`) : null,
        said.name ? el("p", { class: "small" }, tr`署名：${said.name}`) : null,
        ...said.text.split("\n").map((line) => el("p", {}, line))]
      : [say("bad", tr`这一条打不开或者不是它所称的一方写的：可能被改动过。请保留本页并告知另一家接收单位。`)];
    return el("article", { class: "card", "data-message": seq }, el("h3", {}, `${who} · ${day}`), ...body,
      el("p", { class: "small muted" }, kept === false ? el("strong", {}, state) : state));
  });
}

/** A sealed message for everybody who reads the thread, with its work. */
export async function sealedFor(said, { by, thread, seq, readers }) {
  const sealed = await tip.seal(said, { by, thread, seq, readers });
  return { sealed: b64u(sealed), digest: await tip.digestOf(thread, seq, sealed) };
}
