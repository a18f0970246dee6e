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

const sayLimit = ({ argument, most, among, least, longest, pattern }: ToolLimit): string[] => [
  ...(most !== null ? [`${argument} ${least === undefined ? 'at most' : `${least} to`} ${most}`] : []),
  ...(most === null && least !== undefined ? [`${argument} at least ${least}`] : []),
  ...(among.length > 0 ? [`${argument}: ${among.join(', ')}`] : []),
  ...(longest === undefined ? [] : [`${argument} at most ${longest} long`]),
  ...(pattern === undefined ? [] : [`${argument} fits /${pattern}/`]),
];

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
