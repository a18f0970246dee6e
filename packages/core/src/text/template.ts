/** What changes from one occurrence to the next, masked in this order. */
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:https?|ftp):\/\/[^\s<>"')\]]{1,2000}/gi, '<url>'],
  [/[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g, '<email>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<uuid>'],
  [/\b(?=[a-f]*\d)[0-9a-f]{8,128}\b/gi, '<hex>'],
  [/\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})?)?/g, '<date>'],
  [/\b\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]\.?m\b\.?)?/gi, '<time>'],
  [/[$€£¥]\s?\d[\d.,]{0,20}|\b\d[\d.,]{0,20}\s?(?:usd|eur|gbp|dollars?|euros?|pounds?)\b/gi, '<money>'],
  [/\d+(?:[.,]\d+){0,8}/g, '<n>'],
  [/"[^"\n]{41,400}"|“[^”\n]{41,400}”/g, '<quote>'],
];

/** A text with all that varies masked, lower case, spaces folded; at most 500 characters. */
export function template(text: string): string {
  let masked = text.slice(0, 4_000);
  for (const [pattern, mask] of MASKS) masked = masked.replace(pattern, mask);
  return masked.toLowerCase().replace(/\s+/g, ' ').trim().slice(0, 500);
}
