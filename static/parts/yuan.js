// Amounts: strict figures, and the same amount in Chinese capitals to check them by.

const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const PLACES = ["", "拾", "佰", "仟"];
const GROUPS = ["", "万", "亿", "万亿"];

/** "1000000.00" of what a person typed, or null when it is no amount up to a trillion. @param {string} typed */
export function figures(typed) {
  const plain = typed.normalize("NFKC").replace(/[,，\s¥￥元]/g, "");
  const found = /^(\d{1,13})(?:\.(\d{1,2}))?$/.exec(plain);
  if (!found) return null;
  return `${BigInt(found[1])}.${(found[2] ?? "").padEnd(2, "0")}`;
}

function group(number) {
  let words = "";
  let gap = false;
  for (let place = 3; place >= 0; place -= 1) {
    const digit = Math.floor(number / 10 ** place) % 10;
    if (digit) {
      words += (gap && words ? "零" : "") + DIGITS[digit] + PLACES[place];
      gap = false;
    } else {
      gap = true;
    }
  }
  return words;
}

/** 壹佰万元整 for "1000000.00". @param {string} amount */
export function capitals(amount) {
  const [whole, cents] = amount.split(".");
  let words = "";
  let left = whole;
  const groups = [];
  while (left.length) {
    groups.unshift(Number(left.slice(-4)));
    left = left.slice(0, -4);
  }
  let gap = false;
  groups.forEach((number, at) => {
    if (number) {
      // A zero is read where digits are missing between two groups.
      words += (words && (gap || number < 1000) ? "零" : "") + group(number) + GROUPS[groups.length - 1 - at];
      gap = false;
    } else {
      gap = true;
    }
  });
  const [jiao, fen] = [Number(cents[0]), Number(cents[1])];
  if (words) words += "元";
  if (!jiao && !fen) return `${words || "零元"}整`;
  if (jiao) words += `${DIGITS[jiao]}角`;
  else if (words) words += "零";
  return fen ? `${words}${DIGITS[fen]}分` : `${words}整`;
}

const SPOKEN = { 壹: "一", 贰: "二", 叁: "三", 肆: "四", 伍: "五", 陆: "六", 柒: "七", 捌: "八", 玖: "九", 拾: "十", 佰: "百", 仟: "千" };

/** An amount as it is said, 一百一十万元整; what is no amount stays as it is. @param {string} price */
export function spoken(price) {
  const amount = figures(price);
  return amount ? [...capitals(amount)].map((sign) => SPOKEN[sign] ?? sign).join("") : price;
}

/** "1,000,000.00" @param {string} amount */
export const separated = (amount) => amount.replace(/\B(?=(\d{3})+\.)/g, ",");

/** Whether words a person wrote say this amount; 圆 and 正 are 元 and 整. @param {string} words @param {string} amount */
export function saysSame(words, amount) {
  const plain = (text) => text.normalize("NFKC").replace(/\s|^人民币[:：]?/g, "").replaceAll("圆", "元").replace(/[整正]$/, "");
  return plain(words) === plain(capitals(amount));
}
