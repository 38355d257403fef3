// Whether this browser, its disk, its clock and the key file will do for bidding: asked before, not at, the deadline.
// Each answer is plain words. What the checks need is loaded when somebody asks, not with the page.

import { el } from "../../parts/dom.js";
import { terms, tr } from "../../parts/words.js";

/** @typedef {{state: "done"|"bad"|"missing", text: string, help?: string}} Line  missing: it will do, but look */

const root = document.getElementById("readiness");
const lines = document.getElementById("readiness-lines");
const button = document.getElementById("readiness-start");
const GIB = 2 ** 30;
const MUCH = 30_000; // milliseconds a clock may be wrong before it is worth a word

const works = async (act) => {
  try {
    return (await act()) !== false;
  } catch {
    return false;
  }
};

/** @returns {Line} */
function browser() {
  if (/MicroMessenger|QQ\/|DingTalk|AlipayClient/i.test(navigator.userAgent)) {
    return { state: "bad", text: tr`这是应用内置的浏览器，不能${terms.seal}`, help: tr`请点右上角「···」，选「在浏览器打开」，或在电脑上打开本页。` };
  }
  return isSecureContext
    ? { state: "done", text: tr`连接安全，浏览器允许使用加密功能` }
    : { state: "bad", text: tr`连接不安全，浏览器关闭了加密功能`, help: tr`请用 https 开头的网址打开本页。` };
}

/** @returns {Promise<Line>} */
async function encryption() {
  const { subtle } = crypto;
  const basic = await works(async () => {
    const key = await subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt"]);
    await subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(12) }, key, new Uint8Array(16));
    await subtle.importKey("raw", new Uint8Array(32), { name: "HMAC", hash: "SHA-512" }, false, ["sign"]);
    await subtle.importKey("raw", new Uint8Array(8), "PBKDF2", false, ["deriveKey"]);
  });
  if (!basic) return { state: "bad", text: tr`浏览器没有所需的加密算法`, help: tr`请更新浏览器，或换用新版 Chrome、Edge、Firefox、Safari。` };
  const curves = await Promise.all([["X25519", ["deriveBits"]], ["Ed25519", ["sign", "verify"]]].map(([name, uses]) =>
    works(() => subtle.generateKey({ name }, false, uses))));
  if (curves.every(Boolean)) return { state: "done", text: tr`加密和签名算法齐全` };
  const own = await works(async () => {
    const [x25519, ed25519] = [await import("../../proofs/x25519.js"), await import("../../proofs/ed25519.js")];
    const secret = crypto.getRandomValues(new Uint8Array(32));
    await x25519.publicKey(secret);
    const [key, said] = [await ed25519.publicKey(secret), new Uint8Array(8)];
    return ed25519.verify(key, await ed25519.sign(secret, said), said);
  });
  return own
    ? { state: "done", text: tr`加密和签名可用`, help: tr`浏览器较旧，缺的算法由本站自带的程序补上：稍慢，同样安全。` }
    : { state: "bad", text: tr`签名算法不可用`, help: tr`请更新浏览器后再试。` };
}

/** @returns {Promise<Line>} */
async function keeping() {
  const draft = await works(() => new Promise((resolve, reject) => {
    const request = indexedDB.open("mingbiao-check");
    request.onsuccess = () => {
      request.result.close();
      indexedDB.deleteDatabase("mingbiao-check");
      resolve(true);
    };
    request.onerror = () => reject(request.error);
  }));
  const disk = await works(() => navigator.storage.getDirectory());
  const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  const left = (quota - usage) / GIB;
  if (!draft) return { state: "missing", text: tr`浏览器不保存草稿（可能是无痕窗口）`, help: tr`可以${terms.bid}，但关闭页面后要重新填写和${terms.seal}。请改用普通窗口。` };
  if (!disk || left < 1) return { state: "missing", text: tr`可用磁盘空间不多，约 ${left.toFixed(1)} GB`, help: tr`大文件${terms.seal}需要与文件一样大的空间，请先清理磁盘。` };
  return { state: "done", text: tr`草稿和密文能保存在本机，可用约 ${left.toFixed(0)} GB` };
}

/** @returns {Promise<Line>} */
async function aside() {
  const { workerStarts } = await import("./sealing.js");
  return (await workerStarts())
    ? { state: "done", text: tr`${terms.seal}程序能在后台运行` }
    : { state: "missing", text: tr`${terms.seal}程序只能在页面里运行`, help: tr`可以${terms.bid}；封大文件时页面会变慢，请不要关闭。` };
}

/** @returns {Promise<Line>} */
async function clock() {
  const before = Date.now();
  const { getDocument } = await import("../../parts/doors.js");
  const told = (await getDocument(location.pathname)).querySelector("[data-clock]"); // this page once more: it says when it was made
  const offset = (before + Date.now()) / 2 - Date.parse(told?.dateTime ?? "");
  if (Number.isNaN(offset)) return { state: "missing", text: tr`没有问到服务器时间`, help: tr`截止时间以服务器为准，请看页面右上角的服务器时间。` };
  const seconds = Math.round(Math.abs(offset) / 1000);
  if (Math.abs(offset) < MUCH) return { state: "done", text: tr`本机时钟与服务器相差不到 ${Math.max(1, seconds + 1)} 秒` };
  return { state: "missing", text: offset > 0 ? tr`本机时钟快了 ${seconds} 秒` : tr`本机时钟慢了 ${seconds} 秒`, help: tr`截止以服务器收到的时间为准；请在系统设置中校准本机时间。` };
}

function show({ state, text, help }) {
  lines.append(el("li", { class: `is-${state}` }, text, help ? el("small", {}, help) : null));
}

/**
 * Seal next to nothing under what this tender really published, and open it again: the manifest, its holders' signatures
 * and this key go together. Slot 0 is nobody's, so what is made here could never be a bid; it is not sent.
 * @param {import("../../proofs/organisation.js").Organisation} by
 */
async function trial(by) {
  const [terms, envelope, { openOwn }] = await Promise.all([
    import("./terms.js"), import("../../proofs/envelope.js"), import("../../proofs/verdict.js")]);
  const agreed = await terms.ofTender(root.dataset.number);
  const parts = Object.keys(agreed.units);
  const manifests = await terms.manifestsOf(root.dataset.number, parts, agreed);
  for (const manifest of manifests.values()) {
    const { blob } = await envelope.seal({ by, manifest, slot: 0, policy: agreed.pol, sheet: {}, files: [], rehearsal: true });
    const { verdict } = await openOwn(blob, manifest.data, by, { policy: agreed.pol, cmh: manifest.cmh, rehearsal: true });
    if (verdict !== "OK") throw new Error(tr`按本项目的钥匙清单试封后打不开（${verdict}）。请勿用这台电脑封标，并联系交易中心。`);
  }
  return tr`已按本项目公布的钥匙清单试封并试解密：${parts.length} 个部分都能打开。试封的内容没有上传。`;
}

async function askForKey() {
  const { org } = root.dataset;
  const place = document.getElementById("readiness-key");
  if (!org) {
    place.replaceChildren(el("p", { class: "small muted" }, tr`以供应商身份登录后，还可以检查密钥文件。`));
    return;
  }
  const { keyInputs } = await import("../../parts/unlock.js");
  const { trouble } = await import("../../parts/doors.js");
  const key = keyInputs(org);
  const told = el("div", { role: "status" });
  const form = el("form", { class: "form", novalidate: true }, key.fields, el("div", { class: "form__actions" },
    el("button", { class: "btn btn--quiet", id: "readiness-open" }, tr`检查密钥文件`)), told);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    told.replaceChildren();
    try {
      const by = await key.open();
      told.replaceChildren(el("p", { class: "say say--ok" }, tr`密钥文件能打开，与登记的公钥一致。`));
      told.append(el("p", { class: "say say--ok", id: "readiness-trial" }, await trial(by)));
    } catch (wrong) {
      told.replaceChildren(trouble(wrong));
    }
  });
  place.replaceChildren(form);
}

async function check() {
  button.disabled = true;
  lines.replaceChildren();
  const first = browser();
  show(first);
  if (isSecureContext) {
    for (const ask of [encryption, keeping, aside]) show(await ask());
  }
  try {
    show(await clock());
  } catch {
    show({ state: "bad", text: tr`网络不通，没有问到服务器时间` });
  }
  if (isSecureContext && first.state === "done") await askForKey();
  root.dataset.checked = "yes";
  button.disabled = false;
}

button.disabled = false;
button.addEventListener("click", check);
