const MOST_LINES = 2_000;
const MOST_DIFF = 400;
const AROUND = 2;

/**
 * What changed between two texts, line by line: lines that begin with `-`, `+` or a space, with two lines around each
 * change and `…` where lines are left out. Longest common subsequence over the part that differs; texts of more than
 * 2,000 differing lines are shown as replaced whole. At most 400 lines. Empty where the texts are the same.
 */
export function textDiff(before: string, after: string): string {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const middle = align(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  if (middle.length === 0) return '';
  const all = [
    ...a.slice(0, head).map((line) => ` ${line}`),
    ...middle,
    ...a.slice(a.length - tail).map((line) => ` ${line}`),
  ];
  const near = all.map((_line, i) =>
    all.slice(Math.max(0, i - AROUND), i + AROUND + 1).some((line) => line[0] !== ' '),
  );
  const out: string[] = [];
  for (const [i, line] of all.entries()) {
    if (near[i]) out.push(line);
    else if (out.length > 0 && out.at(-1) !== '…') out.push('…');
  }
  if (out.at(-1) === '…') out.pop();
  return (out.length > MOST_DIFF ? [...out.slice(0, MOST_DIFF), `… ${out.length - MOST_DIFF} more lines`] : out).join(
    '\n',
  );
}

function align(a: readonly string[], b: readonly string[]): string[] {
  if (a.length > MOST_LINES || b.length > MOST_LINES)
    return [...a.map((line) => `-${line}`), ...b.map((line) => `+${line}`)];
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] =
        a[i] === b[j]
          ? longest[(i + 1) * width + j + 1]! + 1
          : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!);
  const out: string[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push(` ${a[i++]}`);
      j++;
    } else if (i < a.length && (j === b.length || longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!))
      out.push(`-${a[i++]}`);
    else out.push(`+${b[j++]}`);
  }
  return out;
}
