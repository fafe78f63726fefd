// Numbers and dates in the reader's form. The twin of web/translations.py: tests/web/format-cases.json holds for both.

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * A number with at most two decimals, and a comma before every three digits. Written by hand: what the browser has for
 * it takes longer to be made than all else of the rings.
 * @param {number} number
 */
export function formatNumber(number) {
  const [whole = "", decimals] = String(Math.round(number * 100) / 100).split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (decimals ? `.${decimals}` : "");
}

/**
 * A rate: whole from ten on, else two digits that count.
 * @param {number} rate  more than zero
 */
export function formatRate(rate) {
  const scale = rate < 10 ? 10 ** (1 - Math.floor(Math.log10(rate))) : 1;
  return (Math.floor(rate * scale + 0.5) / scale).toLocaleString("en-US", { maximumFractionDigits: 9 });
}

/**
 * Few characters: 3.1k in English, 3.1万 (from ten thousand on) in Chinese.
 * @param {number} number
 * @param {string} language
 */
export function formatShort(number, language) {
  const units = /** @type {[number, string][]} */ (
    !language.startsWith("zh")
      ? [[1e6, "M"], [1e3, "k"]]
      : language === "zh-Hant"
        ? [[1e8, "億"], [1e4, "萬"]]
        : [[1e8, "亿"], [1e4, "万"]]
  );
  for (const [size, sign] of units) {
    if (number < size) continue;
    const tenths = Math.floor((number * 10) / size);
    return (tenths >= 100 || tenths % 10 === 0 ? Math.floor(tenths / 10) : (tenths / 10).toFixed(1)) + sign;
  }
  return String(number);
}

/**
 * @param {string} month  "2016-03"; days after it are left out
 * @param {string} language
 */
export function formatMonth(month, language) {
  const [year, number] = month.split("-").map(Number);
  return !language.startsWith("zh") ? `${MONTHS[(number ?? 1) - 1]} ${year}` : `${year}年${number}月`;
}

/**
 * @param {string} day  ISO 8601
 * @param {string} language
 */
export function formatDate(day, language) {
  const [year, month, date] = day.split("-").map(Number);
  return !language.startsWith("zh") ? `${date} ${MONTHS[(month ?? 1) - 1]} ${year}` : `${year}年${month}月${date}日`;
}
