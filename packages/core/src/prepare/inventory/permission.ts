import { compilePattern } from '../../patterns/index.ts';
import type { Tool, ToolLimit } from './facts.ts';

/** A call of a tool, as far as it is known. `undefined` reads "not said". */
export interface CallAsked {
  readonly tool: string;
  readonly server?: string | undefined;
  readonly agent?: string | undefined;
  /** Parsed; undefined: not captured, or not readable. */
  readonly arguments?: unknown;
}

export const BREACHES = ['not-granted', 'other-agent', 'argument-beyond-limit'] as const;
export type BreachRule = (typeof BREACHES)[number];

/** How a call goes beyond what was granted. */
export interface Breach {
  readonly rule: BreachRule;
  /** A sentence. */
  readonly why: string;
  readonly argument?: string;
}

const memberOf = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (held, name) =>
        typeof held === 'object' && held !== null && Object.hasOwn(held, name)
          ? (held as Readonly<Record<string, unknown>>)[name]
          : undefined,
      value,
    );

const show = (it: unknown): string => `“${String(typeof it === 'object' ? JSON.stringify(it) : it).slice(0, 80)}”`;

/** How an argument breaks its limit, in words; null: it does not, or is not there. */
function beyondLimit(given: unknown, limit: ToolLimit): string | null {
  const { argument, most, among, least, longest, pattern } = limit;
  const said = memberOf(given, argument);
  if (said === undefined || said === null) return null;
  const number =
    typeof said === 'number' ? said : typeof said === 'string' && said.trim() !== '' ? Number(said) : Number.NaN;
  if (most !== null && (Number.isNaN(number) || number > most))
    return `${argument} is ${show(said)}, at most ${most} is allowed`;
  if (least !== undefined && (Number.isNaN(number) || number < least))
    return `${argument} is ${show(said)}, at least ${least} is allowed`;
  if (among.length > 0 && (typeof said === 'object' || !among.includes(String(said))))
    return `${argument} is ${show(said)}, which is not among what is allowed`;
  if (longest !== undefined) {
    const length = typeof said === 'string' || Array.isArray(said) ? said.length : JSON.stringify(said).length;
    if (length > longest) return `${argument} is ${length} long, at most ${longest} is allowed`;
  }
  if (pattern !== undefined) {
    const fits = compilePattern(pattern);
    // A pattern that cannot be read allows nothing.
    if (typeof said !== 'string' || 'fault' in fits || !fits.test(said))
      return `${argument} is ${show(said)}, which does not fit /${pattern.slice(0, 80)}/`;
  }
  return null;
}

/** The tool a call means, among those granted. */
export const toolMeant = (tools: readonly Tool[], { tool, server }: CallAsked): Tool | undefined =>
  tools.find(
    ({ name, manifest }) =>
      name === tool && (manifest?.server === undefined || server === undefined || manifest.server === server),
  );

/**
 * The one answer to "was this call within what was granted?", for the proxy that refuses it, the detector that tells of it
 * and the audit that lists it. A system to which nobody granted any tool has no bounds: nothing is outside of them.
 */
export function breachesOf(tools: readonly Tool[], call: CallAsked): readonly Breach[] {
  if (tools.length === 0) return [];
  const meant = toolMeant(tools, call);
  const name = call.tool.slice(0, 80);
  if (meant === undefined)
    return [{ rule: 'not-granted', why: `The agent called “${name}”, a tool it was never granted.` }];
  const { agents, limits = [] } = meant.manifest ?? {};
  const breaches: Breach[] = [];
  // An agent that does not say who it is may be any.
  if (agents !== undefined && agents.length > 0 && (call.agent === undefined || !agents.includes(call.agent)))
    breaches.push({
      rule: 'other-agent',
      why: `“${name}” was called by ${call.agent === undefined ? 'an agent that does not say which' : call.agent.slice(0, 80)}, which was not granted it.`,
    });
  for (const limit of limits) {
    const why = beyondLimit(call.arguments, limit);
    if (why !== null)
      breaches.push({
        rule: 'argument-beyond-limit',
        why: `“${name}” was called beyond its limit: ${why}.`,
        argument: limit.argument,
      });
  }
  return breaches;
}

/** What a call does to the world, as far as anybody has said. */
export const REVERSALS = ['nothing', 'reversible', 'irreversible', 'unknown'] as const;
export type Reversal = (typeof REVERSALS)[number];

/** `nothing`: it only looked. Said by the manifest, otherwise read from what it does; unknown stays unknown. */
export function reversalOf(tool: Tool | undefined): Reversal {
  const manifest = tool?.manifest;
  if (manifest === undefined) return 'unknown';
  if (manifest.effect === 'reads') return 'nothing';
  if (manifest.reversible !== undefined) return manifest.reversible === 'yes' ? 'reversible' : 'irreversible';
  return manifest.undo !== undefined ? 'reversible' : 'unknown';
}

/** How one call is undone: a call of another tool with its arguments, an instruction, or both. */
export interface UndoKnown {
  readonly tool: string | null;
  /** Values that could be read from the call; a value that could not is left out and named in `missing`. */
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly missing: readonly string[];
  readonly instruction: string;
}

export function undoOf(
  tool: Tool | undefined,
  call: { readonly arguments: unknown; readonly result: unknown },
): UndoKnown | null {
  const undo = tool?.manifest?.undo;
  if (undo === undefined) return null;
  const values: Record<string, unknown> = {};
  const missing: string[] = [];
  for (const [name, from] of Object.entries(undo.arguments)) {
    const value = from.startsWith('=') ? from.slice(1) : memberOf(call, from);
    if (value === undefined) missing.push(name);
    else values[name] = value;
  }
  return { tool: undo.tool === '' ? null : undo.tool, arguments: values, missing, instruction: undo.instruction };
}

/** Why limits cannot be used, with the place of the first that cannot; undefined: they can. */
export function limitFault(limits: readonly ToolLimit[]): { readonly place: number; readonly why: string } | undefined {
  for (const [place, { pattern, least, most, longest, argument }] of limits.entries()) {
    if (pattern !== undefined) {
      const compiled = compilePattern(pattern);
      if ('fault' in compiled) return { place, why: `The pattern of ${argument} cannot be used: ${compiled.fault}.` };
    }
    if (least !== undefined && most !== null && least > most)
      return { place, why: `No number is at least ${least} and at most ${most} for ${argument}.` };
    if (longest !== undefined && longest < 0) return { place, why: `${argument} cannot be shorter than nothing.` };
  }
  return undefined;
}

/** What every system was granted, as it travels to those who enforce it; signed as the state of control is. */
export interface PermissionState {
  readonly schema: 1;
  /** A system, or `*`. */
  readonly system: string;
  readonly generation: number;
  /** Log position of the newest fact about tools; only ever grows within a generation. */
  readonly epoch: number;
  readonly permissions: Readonly<Record<string, readonly Tool[]>>;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

function isManifest(it: unknown): boolean {
  if (it === undefined) return true;
  if (!isRecord(it) || !Array.isArray(it.limits)) return false;
  const named = (list: unknown) =>
    list === undefined || (Array.isArray(list) && list.every((each) => typeof each === 'string'));
  return (
    named(it.agents) &&
    it.limits.every((each) => isRecord(each) && typeof each.argument === 'string' && Array.isArray(each.among))
  );
}

/** Checks it as a whole: one bad tool rejects all of it, and what is held stays. */
export function readPermissions(value: unknown): PermissionState | undefined {
  if (!isRecord(value) || value.schema !== 1 || typeof value.system !== 'string') return undefined;
  if (!isCount(value.generation) || !isCount(value.epoch) || !isRecord(value.permissions)) return undefined;
  for (const tools of Object.values(value.permissions)) {
    if (!Array.isArray(tools)) return undefined;
    if (!tools.every((tool) => isRecord(tool) && typeof tool.name === 'string' && isManifest(tool.manifest)))
      return undefined;
  }
  return value as unknown as PermissionState;
}
