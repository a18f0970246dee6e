import type { ToolLimit, ToolUndo } from './facts.ts';

const NUMBER = '-?\\d+(?:\\.\\d+)?';
const MOST = new RegExp(`^${NUMBER}$`);
const LEAST = new RegExp(`^(${NUMBER})\\s*\\.\\.$`);
const RANGE = new RegExp(`^(${NUMBER})\\s*(?:\\.\\.|to)\\s*(${NUMBER})$`);
const LONGEST = /^(\d+) (?:characters|long)$/;
const PATTERN = /^\/(.+)\/$/;
const QUOTED = /^"[^"]*"(?:\s*,\s*"[^"]*")*$/;

function limitOf(argument: string, said: string): ToolLimit {
  const bare = { argument, most: null, among: [] };
  if (MOST.test(said)) return { ...bare, most: Number(said) };
  const [, alone] = LEAST.exec(said) ?? [];
  if (alone !== undefined) return { ...bare, least: Number(alone) };
  const [, least, most] = RANGE.exec(said) ?? [];
  if (least !== undefined && most !== undefined) return { ...bare, most: Number(most), least: Number(least) };
  const [, longest] = LONGEST.exec(said) ?? [];
  if (longest !== undefined) return { ...bare, longest: Number(longest) };
  const [, pattern] = PATTERN.exec(said) ?? [];
  if (pattern !== undefined) return { ...bare, pattern };
  if (QUOTED.test(said)) return { ...bare, among: [...said.matchAll(/"([^"]*)"/g)].map(([, each]) => each!) };
  const among = said
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  return { ...bare, among };
}

/** A line such as `amount 50`, `amount 1..50`, `amount 5..`, `currency EUR, USD`, `size "10"`, `note 200 characters` or `order /^ORD-/`. Null: it cannot be read so. */
export function limitIn(line: string): ToolLimit | null {
  const [, argument, said] = /^\s*(\S+)[\s:]+(.+?)\s*$/.exec(line) ?? [];
  if (argument === undefined || said === undefined) return null;
  return limitOf(argument.replace(/:$/, ''), said);
}

/** One limit a line; a line without a value is left out. */
export const limitsIn = (text: string): ToolLimit[] => text.split('\n').flatMap((line) => limitIn(line) ?? []);

/** Quoted where a plain value would be read as another bound. */
function sayAmong(argument: string, among: readonly string[]): string {
  const plain = among.join(', ');
  const read = limitOf(argument, plain).among;
  const same = read.length === among.length && read.every((each, place) => each === among[place]);
  return `${argument} ${same ? plain : among.map((each) => `"${each}"`).join(', ')}`;
}

/** A limit may hold several bounds; each is a line of its own. */
export const sayLimits = (limits: readonly ToolLimit[]): string =>
  limits
    .flatMap(({ argument, most, among, least, longest, pattern }) => [
      ...(most !== null ? [`${argument} ${least === undefined ? most : `${least}..${most}`}`] : []),
      ...(most === null && least !== undefined ? [`${argument} ${least}..`] : []),
      ...(among.length > 0 ? [sayAmong(argument, among)] : []),
      ...(longest === undefined ? [] : [`${argument} ${longest} characters`]),
      ...(pattern === undefined ? [] : [`${argument} /${pattern}/`]),
    ])
    .join('\n');

/** `cancel_refund id=result.id`: the tool that undoes it, and where its arguments come from. */
export function undoIn(line: string, instruction: string): ToolUndo | undefined {
  // A blank ends an argument only where the next one begins.
  const [tool = '', ...pairs] = line.trim().split(/\s+(?=[^\s=]+=)/);
  if (tool === '' && instruction.trim() === '') return undefined;
  const given = pairs.flatMap((pair) => {
    const at = pair.indexOf('=');
    return at > 0 ? [[pair.slice(0, at), pair.slice(at + 1)] as const] : [];
  });
  return { tool, arguments: Object.fromEntries(given), instruction: instruction.trim() };
}

export const sayUndoLine = (undo: ToolUndo | undefined): string =>
  undo === undefined
    ? ''
    : [undo.tool, ...Object.entries(undo.arguments).map(([name, from]) => `${name}=${from}`)].join(' ').trim();
