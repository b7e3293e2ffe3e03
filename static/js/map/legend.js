/* What the legend of a layer says: one entry for each symbol a visitor may meet. */

/* [{label, symbol, marker, minZoom}] of a compiled style; labels in the reader's language. */
export function legendOf(layer, style, language) {
  const { marker } = style;
  if (style.kind === "single" || !style.rules.length) {
    return [{ label: layer.title, symbol: style.fallback, marker, minZoom: 0 }];
  }
  return style.rules.map((rule) => ({
    label: ruleLabel(rule, layer.fields.get(style.field), language),
    symbol: rule,
    marker: marker && { ...marker, color: rule.fill ?? marker.color, ...(rule.icon && { icon: rule.icon }) },
    minZoom: rule.minZoom ?? 0,
  }));
}

function ruleLabel(rule, field, language) {
  if (rule.label) return rule.label[language] ?? rule.label.zh ?? rule.label.en;
  if ("value" in rule) return field?.codes.get(String(rule.value)) ?? String(rule.value);
  return rangeLabel(rule.min, rule.max, language);
}

function rangeLabel(min, max, language) {
  const number = new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en-GB");
  const [low, high] = [min, max].map((bound) => (bound ?? null) !== null && number.format(bound));
  if (low === false) return `< ${high}`;
  return high === false ? `≥ ${low}` : `${low} – ${high}`;
}
