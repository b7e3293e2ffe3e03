/* The words of the page in the reader's language. */

/* text(key, values): a template with {name}s; where a count decides the form, {one, other}. */
export function textIn(words, language) {
  const plural = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en-GB");
  return (key, values = {}) => {
    const entry = words[key];
    if (entry === undefined) throw new Error(`no text for ${key}`);
    const template = typeof entry === "string" ? entry : entry[plural.select(values.n)] ?? entry.other;
    return template.replace(/\{(\w+)\}/g, (_, name) => {
      const value = values[name];
      return typeof value === "number" ? number.format(value) : String(value);
    });
  };
}
