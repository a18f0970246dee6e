import type { ToolLimit, ToolManifest } from '@firebreak/core/prepare/inventory';

export const EFFECT_WORDS: Readonly<Record<ToolManifest['effect'], string>> = {
  reads: 'only looks',
  writes: 'changes something that can be changed back',
  destroys: 'destroys something',
  sends: 'sends something outside',
  pays: 'moves money',
  grants: 'gives or takes rights',
};

export const READS_WORDS: Readonly<Record<ToolManifest['reads'], string>> = {
  nothing: 'nothing of the kind below',
  untrusted: 'text that anybody may have written',
  private: 'private data',
};

const NUMBER = '-?\\d+(?:\\.\\d+)?';
const MOST = new RegExp(`^${NUMBER}$`);
const RANGE = new RegExp(`^(${NUMBER})\\s*(?:\\.\\.|to)\\s*(${NUMBER})$`);
const LONGEST = /^(\d+) (?:characters|long)$/;
const PATTERN = /^\/(.+)\/$/;

function limitOf(argument: string, said: string): ToolLimit {
  const bare = { argument, most: null, among: [] };
  if (MOST.test(said)) return { ...bare, most: Number(said) };
  const [, least, most] = RANGE.exec(said) ?? [];
  if (least !== undefined && most !== undefined) return { ...bare, most: Number(most), least: Number(least) };
  const [, longest] = LONGEST.exec(said) ?? [];
  if (longest !== undefined) return { ...bare, longest: Number(longest) };
  const [, pattern] = PATTERN.exec(said) ?? [];
  if (pattern !== undefined) return { ...bare, pattern };
  const among = said
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  return { ...bare, among };
}

/** Lines such as `amount 50`, `amount 1..50`, `currency EUR, USD`, `note 200 characters` or `order /^ORD-/`; a line without a value is left out. */
export const limitsIn = (text: string): ToolLimit[] =>
  text.split('\n').flatMap((line): ToolLimit[] => {
    const [, argument, said] = /^\s*(\S+)[\s:]+(.+?)\s*$/.exec(line) ?? [];
    return argument === undefined || said === undefined ? [] : [limitOf(argument.replace(/:$/, ''), said)];
  });

/** A limit may hold several bounds; each is a line of its own. */
export const sayLimits = (limits: readonly ToolLimit[]): string =>
  limits
    .flatMap(({ argument, most, among, least, longest, pattern }) => [
      ...(most !== null ? [`${argument} ${least === undefined ? most : `${least}..${most}`}`] : []),
      ...(among.length > 0 ? [`${argument} ${among.join(', ')}`] : []),
      ...(longest === undefined ? [] : [`${argument} ${longest} characters`]),
      ...(pattern === undefined ? [] : [`${argument} /${pattern}/`]),
    ])
    .join('\n');

const sayLimit = ({ argument, most, among, least, longest, pattern }: ToolLimit): string[] => [
  ...(most !== null ? [`${argument} ${least === undefined ? 'at most' : `${least} to`} ${most}`] : []),
  ...(most === null && least !== undefined ? [`${argument} at least ${least}`] : []),
  ...(among.length > 0 ? [`${argument}: ${among.join(', ')}`] : []),
  ...(longest === undefined ? [] : [`${argument} at most ${longest} long`]),
  ...(pattern === undefined ? [] : [`${argument} fits /${pattern}/`]),
];

/** `cancel_refund id=result.id`: the tool that undoes it, and where its arguments come from. */
export function undoIn(line: string, instruction: string): ToolManifest['undo'] {
  // A blank ends an argument only where the next one begins.
  const [tool = '', ...pairs] = line.trim().split(/\s+(?=[^\s=]+=)/);
  if (tool === '' && instruction.trim() === '') return undefined;
  const given = pairs.flatMap((pair) => {
    const at = pair.indexOf('=');
    return at > 0 ? [[pair.slice(0, at), pair.slice(at + 1)] as const] : [];
  });
  return { tool, arguments: Object.fromEntries(given), instruction: instruction.trim() };
}

export const sayUndoLine = (undo: ToolManifest['undo']): string =>
  undo === undefined
    ? ''
    : [undo.tool, ...Object.entries(undo.arguments).map(([name, from]) => `${name}=${from}`)].join(' ').trim();

const RATE = /^(\d{1,7})(?: calls?)? (?:in|per) (?:(\d{1,5}) ?)?(s|seconds?|minutes?|hours?)$/i;
const SECONDS = { s: 1, m: 60, h: 3_600 } as const;

/** `10 in 60 seconds`, `100 per hour`. Null: it cannot be read so; undefined: nothing was written. */
export function rateIn(line: string): ToolManifest['rate'] | null {
  if (line.trim() === '') return undefined;
  const [, calls, count = '1', unit] = RATE.exec(line.trim().replace(/\s+/g, ' ')) ?? [];
  if (calls === undefined || unit === undefined) return null;
  const rate = { calls: Number(calls), seconds: Number(count) * SECONDS[unit[0]!.toLowerCase() as 's' | 'm' | 'h'] };
  return rate.calls >= 1 && rate.calls <= 1e6 && rate.seconds >= 1 && rate.seconds <= 86_400 ? rate : null;
}

export const sayRate = (rate: ToolManifest['rate']): string =>
  rate === undefined ? '' : `${rate.calls} in ${rate.seconds} seconds`;

/** What calls of a tool are held against, in a phrase; empty: nobody has said. */
export function sayManifest(manifest: ToolManifest | undefined): string {
  if (manifest === undefined) return '';
  const { effect, reads, limits, agents, approval, rate, reversible, undo, server } = manifest;
  return [
    EFFECT_WORDS[effect],
    reads !== 'nothing' && `hands it ${READS_WORDS[reads]}`,
    server !== undefined && `of the server ${server}`,
    ...limits.flatMap(sayLimit),
    agents !== undefined && agents.length > 0 && `only ${agents.join(', ')}`,
    approval === true && 'a person agrees to each call',
    rate !== undefined && `${rate.calls} calls in ${rate.seconds} s`,
    reversible === 'no' && 'cannot be undone',
    undo !== undefined && (undo.tool === '' ? 'undone by hand' : `undone by ${undo.tool}`),
  ]
    .filter((part) => part !== false)
    .join(', ');
}
