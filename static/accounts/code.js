// A recovery sheet as a QR code, made where the sheet is: the secret leaves this browser for no server.
//
// One size is enough, so one is written: ISO/IEC 18004, model 2, version 3 (29 × 29 modules), error correction M, letters
// and digits, mask 0. It holds up to 61 of 0–9 A–Z $%*+-./: and space; a sheet has 56. `tests/browser/test_curves_js.py`
// compares it module by module with an encoder of others.

const SIDE = 29, DATA = 44, CHECK = 26, QUIET = 4;
const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const FORMAT = 0b101010000010010; // level M, mask 0, with its own check bits
const ALIGNED = 22; // the middle of the one alignment pattern

/** Letters as the bytes of a code: mode, count, pairs of eleven bits, filled up. @param {string} text */
function data(text) {
  if (text.length > 61 || [...text].some((letter) => !LETTERS.includes(letter))) throw new RangeError("code: text");
  let bits = `0010${text.length.toString(2).padStart(9, "0")}`;
  for (let at = 0; at < text.length; at += 2) {
    const [one, two] = [LETTERS.indexOf(text[at]), LETTERS.indexOf(text[at + 1] ?? "")];
    bits += at + 1 < text.length ? (45 * one + two).toString(2).padStart(11, "0") : one.toString(2).padStart(6, "0");
  }
  bits += "0".repeat(Math.min(4, 8 * DATA - bits.length));
  bits = bits.padEnd(8 * Math.ceil(bits.length / 8), "0");
  for (let fill = 0; bits.length < 8 * DATA; fill += 1) bits += fill % 2 ? "00010001" : "11101100";
  return bits.match(/.{8}/g).map((byte) => parseInt(byte, 2));
}

/** The check bytes of Reed and Solomon over GF(256), x⁸ + x⁴ + x³ + x² + 1. @param {number[]} bytes */
function checked(bytes) {
  const times = (a, b) => {
    let product = 0;
    for (let bit = 7; bit >= 0; bit -= 1) {
      product = (product << 1) ^ (product & 0x80 ? 0x11d : 0);
      if ((b >> bit) & 1) product ^= a;
    }
    return product;
  };
  let factor = [1];
  for (let power = 0, root = 1; power < CHECK; power += 1, root = times(root, 2)) {
    const next = [...factor, 0];
    factor.forEach((each, at) => { next[at + 1] ^= times(each, root); });
    factor = next;
  }
  const rest = [...bytes, ...Array(CHECK).fill(0)];
  for (let at = 0; at < bytes.length; at += 1) {
    const lead = rest[at];
    factor.forEach((each, step) => { rest[at + step] ^= times(each, lead); });
  }
  return rest.slice(bytes.length);
}

/** The modules of the code, dark ones true. @param {string} text @returns {boolean[][]} */
export function modules(text) {
  const grid = Array.from({ length: SIDE }, () => Array(SIDE).fill(null));
  const put = (x, y, dark) => { if (x >= 0 && y >= 0 && x < SIDE && y < SIDE) grid[y][x] = dark; };
  for (const [left, top] of [[0, 0], [SIDE - 7, 0], [0, SIDE - 7]]) {
    for (let y = -1; y < 8; y += 1) {
      for (let x = -1; x < 8; x += 1) {
        const ring = Math.max(Math.abs(x - 3), Math.abs(y - 3));
        put(left + x, top + y, ring !== 2 && ring !== 4);
      }
    }
  }
  for (let at = 8; at < SIDE - 8; at += 1) { put(at, 6, at % 2 === 0); put(6, at, at % 2 === 0); }
  for (let y = -2; y < 3; y += 1) {
    for (let x = -2; x < 3; x += 1) put(ALIGNED + x, ALIGNED + y, Math.max(Math.abs(x), Math.abs(y)) !== 1);
  }
  for (let bit = 0; bit < 15; bit += 1) {
    const dark = Boolean((FORMAT >> bit) & 1);
    put(8, bit < 6 ? bit : bit < 8 ? bit + 1 : SIDE - 15 + bit, dark);
    put(bit < 8 ? SIDE - 1 - bit : bit < 9 ? 7 : 14 - bit, 8, dark);
  }
  put(8, SIDE - 8, true);
  const bytes = data(text);
  const bits = [...bytes, ...checked(bytes)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  let next = 0;
  for (let right = SIDE - 1, up = true; right > 0; right -= right === 8 ? 3 : 2, up = !up) {
    for (let step = 0; step < SIDE; step += 1) {
      const y = up ? SIDE - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (grid[y][x] !== null) continue;
        const dark = bits[next] === "1"; // beyond the last bit: a light module, masked as the others
        next += 1;
        put(x, y, dark !== ((x + y) % 2 === 0));
      }
    }
  }
  return grid;
}

/** The code as a picture that prints. @param {string} text @param {string} label what a screen reader says of it */
export function picture(text, label) {
  const made = (name, attributes) => {
    const one = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
    return one;
  };
  const side = SIDE + 2 * QUIET;
  const path = modules(text).flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : ""))).join("");
  const size = { width: 176, height: 176 }; // each module more than a millimetre on paper
  const svg = made("svg", { ...size, viewBox: `0 0 ${side} ${side}`, class: "qr", role: "img", "aria-label": label, "shape-rendering": "crispEdges" });
  svg.append(made("path", { fill: "#fff", d: `M0 0h${side}v${side}h-${side}z` }), made("path", { fill: "#000", d: path }));
  return svg;
}
