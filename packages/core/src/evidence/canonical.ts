/**
 * JSON Canonicalization Scheme, RFC 8785. Throws TypeError for what has no canonical form: NaN, infinities, integers
 * beyond 2^53-1, lone surrogates, undefined, functions and objects that are not plain.
 */
export function canonical(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && isPlain(value)) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    // Code unit order (3.2.3) is what comparing strings does.
    members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${members.map(([name, member]) => `${text(name)}:${canonical(member)}`).join(',')}}`;
  }
  throw new TypeError(`no canonical form for ${typeof value}`);
}

function isPlain(value: object): value is Record<string, unknown> {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function number(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError('no canonical form for a number that is not finite');
  if (Number.isInteger(value) && Math.abs(value) > Number.MAX_SAFE_INTEGER && Math.abs(value) < 1e21)
    throw new TypeError('integers beyond 2^53-1 must be text');
  return JSON.stringify(value);
}

const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

function text(value: string): string {
  if (LONE.test(value)) throw new TypeError('text holds a lone surrogate');
  return JSON.stringify(value);
}
