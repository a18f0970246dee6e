import type { Interaction } from '../../detect/signals/index.ts';
import type { Instant } from '../../kernel/index.ts';
import {
  type BreachRule,
  breachesOf,
  type Reversal,
  reversalOf,
  type Tool,
  toolMeant,
  type UndoKnown,
  undoOf,
} from '../../prepare/inventory/index.ts';

/**
 * `executed`: its answer is on record. `failed`: the tool or the way to it reported an error; it may have done something.
 * `refused`: never made. `uncertain`: asked for or stopped while it ran, and no answer says what became of it.
 */
export const OUTCOMES = ['executed', 'failed', 'refused', 'uncertain'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** One call of an agent, with what it is held against. */
export interface AuditedCall {
  /** `int_…/0`: the record and the place of the call in it. */
  readonly call: string;
  readonly at: Instant;
  readonly system: string;
  readonly agent: string | null;
  readonly session: string | null;
  /** The MCP server, where it came by one. */
  readonly server: string | null;
  readonly tool: string;
  /** JSON text, cut; null: not captured. */
  readonly arguments: string | null;
  readonly outcome: Outcome;
  /** The hold that refused it. */
  readonly hold: string | null;
  /** Against what was granted when it was made. `unsaid`: nobody had granted any tool. */
  readonly permission: 'inside' | 'outside' | 'unsaid';
  readonly rule: BreachRule | null;
  readonly why: string | null;
  readonly reversal: Reversal;
  readonly undo: UndoKnown | null;
  readonly error: string | null;
  readonly latencyMs: number | null;
}

const MOST_ARGUMENTS = 1_000;
const MOST_ERROR = 300;
const STOPPED = /while it ran/;

function parsed(text: string | null): unknown {
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const cut = (text: string | null, most: number): string | null =>
  text === null || text.length <= most ? text : `${text.slice(0, most - 1)}…`;

function outcomeOf({ verdict, error }: Interaction, result: string | null): Outcome {
  if (verdict?.action === 'deny') return STOPPED.test(error ?? '') ? 'uncertain' : 'refused';
  if (error !== null) return 'failed';
  return result === null ? 'uncertain' : 'executed';
}

/**
 * The calls of one record. `then`: the tools that were granted when they were made, which they are held against; `now`: what
 * is known today of undoing them.
 */
export function auditedCalls(it: Interaction, then: readonly Tool[], now: readonly Tool[]): AuditedCall[] {
  const server = it.provider?.startsWith('mcp:') ? it.provider.slice('mcp:'.length) : null;
  return (it.toolCalls ?? []).map((call, place) => {
    const args = parsed(call.arguments);
    const asked = { tool: call.name, server: server ?? undefined, agent: it.agent, arguments: args };
    // A record that names no agent says nothing about which it was.
    const [breach] = breachesOf(then, asked).filter(({ rule }) => rule !== 'other-agent' || it.agent !== undefined);
    const known = toolMeant(now, asked);
    return {
      call: `${it.id}/${place}`,
      at: it.at,
      system: it.system,
      agent: it.agent ?? null,
      session: it.session,
      server,
      tool: call.name,
      arguments: cut(call.arguments, MOST_ARGUMENTS),
      outcome: outcomeOf(it, call.result),
      hold: it.verdict?.hold ?? null,
      permission: then.length === 0 ? 'unsaid' : breach === undefined ? 'inside' : 'outside',
      rule: breach?.rule ?? null,
      why: breach?.why ?? null,
      reversal: reversalOf(known),
      undo: undoOf(known, { arguments: args, result: parsed(call.result) }),
      error: cut(it.error, MOST_ERROR),
      latencyMs: it.latencyMs,
    };
  });
}
