type Shape = Readonly<Record<string, unknown>>;
const MOST_DEPTH = 12;
const MOST_VISITS = 20_000;

const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
const isShape = (it: unknown): it is Shape => typeof it === 'object' && it !== null && !Array.isArray(it);

function ofType(value: unknown, wanted: unknown): boolean {
  const is = typeOf(value);
  return [wanted].flat().some((each) => each === is || (each === 'number' && is === 'integer'));
}

/**
 * Where a value does not fit, as a sentence, or null. Reads of JSON Schema: `type`, `enum`, `const`, `required`,
 * `properties`, `additionalProperties: false`, `items`, `minItems`, `maxItems`, `minimum`, `maximum`, `minLength`,
 * `maxLength`. What else stands there is not looked at.
 */
export function shapeFault(value: unknown, shape: unknown): string | null {
  let visits = 0;
  const look = (it: unknown, wanted: unknown, at: string, depth: number): string | null => {
    if (!isShape(wanted)) return null;
    if (depth > MOST_DEPTH || ++visits > MOST_VISITS)
      return `${at || 'it'} nests too deeply or is too large to look at`;
    const where = at === '' ? 'it' : at;
    if (wanted.type !== undefined && !ofType(it, wanted.type))
      return `${where} is ${typeOf(it)}, not ${[wanted.type].flat().join(' or ')}`;
    if (Array.isArray(wanted.enum) && !wanted.enum.some((each) => JSON.stringify(each) === JSON.stringify(it)))
      return `${where} is none of ${wanted.enum.length} allowed values`;
    if ('const' in wanted && JSON.stringify(wanted.const) !== JSON.stringify(it)) return `${where} is another value`;
    if (typeof it === 'number') {
      if (typeof wanted.minimum === 'number' && it < wanted.minimum) return `${where} is below ${wanted.minimum}`;
      if (typeof wanted.maximum === 'number' && it > wanted.maximum) return `${where} is above ${wanted.maximum}`;
    }
    if (typeof it === 'string') {
      if (typeof wanted.minLength === 'number' && it.length < wanted.minLength) return `${where} is too short`;
      if (typeof wanted.maxLength === 'number' && it.length > wanted.maxLength) return `${where} is too long`;
    }
    if (Array.isArray(it)) {
      if (typeof wanted.minItems === 'number' && it.length < wanted.minItems) return `${where} has too few entries`;
      if (typeof wanted.maxItems === 'number' && it.length > wanted.maxItems) return `${where} has too many entries`;
      for (const [i, each] of it.entries()) {
        const fault = look(each, wanted.items, `${at}/${i}`, depth + 1);
        if (fault !== null) return fault;
      }
    }
    if (isShape(it)) {
      const properties = isShape(wanted.properties) ? wanted.properties : {};
      for (const name of Array.isArray(wanted.required) ? wanted.required : [])
        if (!Object.hasOwn(it, String(name))) return `${at}/${String(name)} is missing`;
      for (const [name, each] of Object.entries(it)) {
        if (Object.hasOwn(properties, name)) {
          const fault = look(each, properties[name], `${at}/${name}`, depth + 1);
          if (fault !== null) return fault;
        } else if (wanted.additionalProperties === false) return `${at}/${name} is not expected`;
      }
    }
    return null;
  };
  return look(value, shape, '', 0);
}
