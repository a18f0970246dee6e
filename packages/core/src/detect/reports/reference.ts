/** Crockford's base 32: no I, L, O, U, so that it can be read out and typed. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 20;

/** A reference of 100 bits in five groups, `7K3Q-…`. Needs 20 random bytes. */
export function referenceOf(random: Uint8Array): string {
  if (random.length < LENGTH) throw new RangeError(`a reference needs ${LENGTH} random bytes`);
  const letters = [...random.slice(0, LENGTH)].map((byte) => LETTERS[byte % 32]!).join('');
  return letters.match(/.{4}/g)!.join('-');
}

/** A reference as somebody typed it, in the one form it is kept in; null: it cannot be one. */
export function refinedReference(typed: string): string | null {
  const letters = typed.slice(0, 100).toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  return letters.length === LENGTH && [...letters].every((letter) => LETTERS.includes(letter)) ? letters : null;
}
