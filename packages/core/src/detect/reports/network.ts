/** The eight groups of an IPv6 address; null: it is none. */
function groupsOf(address: string): number[] | null {
  const [head = '', tail, ...more] = address.split('::');
  if (more.length > 0) return null;
  const read = (part: string): number[] =>
    part === ''
      ? []
      : part.split(':').map((group) => (/^[0-9a-f]{1,4}$/i.test(group) ? Number.parseInt(group, 16) : -1));
  const [first, last] = [read(head), read(tail ?? '')];
  const missing = 8 - first.length - last.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...first, ...Array.from({ length: missing }, () => 0), ...last];
  return groups.every((group) => group >= 0) ? groups : null;
}

/**
 * The network a sender is counted by, and the neighbourhood it can move about in: an IPv4 address and its /24, an IPv6 /64
 * and its /48. What is no address counts as itself.
 */
export function networksOf(address: string): readonly [own: string, around: string] {
  const plain = address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(plain)) return [plain, `${plain.slice(0, plain.lastIndexOf('.'))}.0/24`];
  const groups = groupsOf(plain);
  if (groups === null) return [plain.slice(0, 64), plain.slice(0, 64)];
  const upTo = (many: number): string =>
    `${groups
      .slice(0, many)
      .map((group) => group.toString(16))
      .join(':')}::/${many * 16}`;
  return [upTo(4), upTo(3)];
}
