/* Values written for people, in the reader's language. */

const MU = 10000 / 15; // square metres in a mu (亩)

export class Format {
  constructor(language) {
    this.language = language;
    this.locale = language === "zh" ? "zh-CN" : "en-GB";
    this.zh = language === "zh";
    this.plain = new Intl.NumberFormat(this.locale, { maximumFractionDigits: 2 });
    this.whole = new Intl.NumberFormat(this.locale, { maximumFractionDigits: 0 });
    this.rough = new Intl.NumberFormat(this.locale, { maximumSignificantDigits: 4 });
    this.clock = new Intl.DateTimeFormat(this.locale, { dateStyle: "medium", timeStyle: "short" });
    this.day = new Intl.DateTimeFormat(this.locale, { dateStyle: "long", timeZone: "UTC" });
  }

  number(value) {
    return this.plain.format(value);
  }

  date(text) {
    const date = new Date(`${String(text).slice(0, 10)}T00:00:00Z`);
    return Number.isNaN(date.getTime()) ? String(text) : this.day.format(date);
  }

  /* An instant, by the reader's own clock. */
  moment(text) {
    return this.clock.format(new Date(text));
  }

  withUnit(text, unit) {
    return unit ? `${text}${unit === "%" ? "" : "\u202f"}${unit}` : text;
  }

  /* Ten thousands of a currency as people say it: 5 亿元, CNY 500 million. */
  money(tenThousands, currency) {
    if (!this.zh) return this.#englishMoney(tenThousands * 10000, currency);
    const name = currency === "CNY" ? "元" : { USD: "美元" }[currency] ?? currency;
    if (tenThousands >= 10000) return `${this.number(tenThousands / 10000)}\u202f亿${name}`;
    return `${this.number(tenThousands)}\u202f万${name}`;
  }

  #englishMoney(amount, currency) {
    const [scale, word] = amount >= 1e9 ? [1e9, "billion"] : [1e6, "million"];
    return `${currency} ${this.number(amount / scale)} ${word}`;
  }

  /* Land in square metres, in hectares from one hectare up. */
  land(squareMetres) {
    if (squareMetres < 1e4) return this.withUnit(this.number(squareMetres), "m²");
    return this.withUnit(this.number(squareMetres / 1e4), this.zh ? "公顷" : "ha");
  }

  /* Metres as m or km, as exactly as clicks on a map can be. */
  distance(metres) {
    if (metres < 1000) return this.withUnit(this.whole.format(metres), this.zh ? "米" : "m");
    return this.withUnit(this.rough.format(metres / 1000), this.zh ? "千米" : "km");
  }

  /* Square metres in the units that land of such a size is spoken of in, the usual one first. */
  areas(squareMetres) {
    const [metre, mu, hectare, kilometre] = this.zh ? ["平方米", "亩", "公顷", "平方千米"] : ["m²", null, "ha", "km²"];
    const said = squareMetres >= 1e6 ? [[1e6, kilometre], [1e4, hectare], [MU, mu]] : [[1e4, hectare], [MU, mu], [1, metre]];
    const units = squareMetres < 1e4 ? [[1, metre], [MU, mu]] : said;
    return units.filter(([, unit]) => unit).map(([size, unit]) => this.withUnit(this.rough.format(squareMetres / size), unit));
  }

  /* "126.98320°E 46.64020°N", or minutes and seconds never: one form, easy to copy. */
  position([lon, lat]) {
    const east = `${Math.abs(lon).toFixed(5)}°${lon < 0 ? "W" : "E"}`;
    return `${east} ${Math.abs(lat).toFixed(5)}°${lat < 0 ? "S" : "N"}`;
  }
}
