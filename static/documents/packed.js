// A text packed for a QR code (documents/qr.py): Base32 without padding over zlib.

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The bytes of Base32. Throws when a letter is none of its. @param {string} text */
export function unbase32(text) {
  const bytes = [];
  let [held, bits] = [0, 0];
  for (const letter of text.toUpperCase()) {
    const value = LETTERS.indexOf(letter);
    if (value < 0) throw new RangeError("not base32");
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
  }
  return Uint8Array.from(bytes);
}

/** The packed text. @param {string} text */
export async function unpacked(text) {
  const stream = new Blob([unbase32(text)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).text();
}
