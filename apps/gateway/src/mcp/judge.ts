import { breachesOf, type Tool, toolMeant } from '@firebreak/core/prepare/inventory';
import { Allowances, type LimitInForce, type Verdict } from '@firebreak/core/respond/containment';
import type { Guard, Question, ReviewDecision } from '@firebreak/guard';
import type { GatewayGuard } from '../options.ts';
import { isJson, type Json, type Message, RPC } from './message.ts';
import type { Granted } from './permissions.ts';

/** The part of a guard that the proxy needs. */
export type McpGuard = GatewayGuard & Pick<Guard, 'on'>;

/** Whose calls these are, and where they go. */
export interface Place {
  readonly server: string;
  readonly system: string;
  readonly agent?: string | undefined;
  /** The name of what opens the upstream, as a revocation names it. */
  readonly credential?: string | undefined;
  readonly feature?: string | undefined;
  readonly subject?: string | undefined;
}

export interface Call {
  readonly tool: string;
  readonly arguments: unknown;
}

/** Why a call is not made: what the agent is told, and what is recorded. */
export interface Refused {
  /** `hold`, `limit`, `review`, `approval`, `rate`, `not-granted`, `other-agent`, `argument-beyond-limit`, `unknown`. */
  readonly rule: string;
  readonly message: string;
  readonly verdict: Verdict;
}

export interface JudgeOptions {
  readonly guard: McpGuard;
  /** Absent: standing permissions are not enforced here. */
  readonly granted?: Granted | undefined;
  /** How long a call waits for a person, milliseconds. */
  readonly reviewMs: number;
}

const DENIED: Verdict = Object.freeze({ action: 'deny', epoch: 0 });

export function callIn({ method, params }: Pick<Message, 'method' | 'params'>): Call | undefined {
  if (method !== 'tools/call' || typeof params.name !== 'string') return undefined;
  return { tool: params.name, arguments: params.arguments };
}

/** Decides about calls. Holds are the guard’s to judge, and permissions the core’s; nothing is decided twice. */
export class Judge {
  private readonly rates = new Allowances();

  constructor(private readonly options: JudgeOptions) {}

  questionOf(place: Place, tool: string): Question {
    const { server: _, ...who } = place;
    return { ...who, tool };
  }

  /** Undefined: the call may be made now. Resolves late only where a person has to agree. */
  async refusalOf(call: Call, place: Place, signal: AbortSignal): Promise<Refused | undefined> {
    const standing = this.standing(call, place);
    if (standing.refused !== undefined) return standing.refused;
    const { manifest } = standing.meant ?? {};
    if (manifest?.rate !== undefined) {
      const { calls, seconds } = manifest.rate;
      const hold = `${place.system}\n${place.server}\n${call.tool}\n${place.agent ?? ''}` as LimitInForce['hold'];
      const out = this.rates.take([{ hold, requests: calls, seconds, per: 'everyone' }], undefined, performance.now());
      if (out !== undefined)
        return {
          rule: 'rate',
          message: `“${call.tool}” may be called ${calls} times in ${seconds} seconds. Try again later.`,
          verdict: { ...DENIED, retryAfterMs: out.retryAfterMs },
        };
    }
    const verdict = this.options.guard.admit(this.questionOf(place, call.tool));
    if (verdict.action === 'deny') return refusedBy(verdict);
    const asks = verdict.action === 'review' || verdict.review !== undefined;
    if (!asks && manifest?.approval !== true) return undefined;
    const approved = await this.ask(call, place, verdict, signal);
    if (approved !== undefined)
      return {
        rule: asks ? 'review' : 'approval',
        message: approved,
        verdict: { ...verdict, action: 'deny' },
      };
    // It took a while: what was so before may not be so now.
    return this.refusalNow(call, place);
  }

  /** As `refusalOf` without asking or counting again, at this very moment. */
  refusalNow(call: Call, place: Place): Refused | undefined {
    const { refused } = this.standing(call, place);
    if (refused !== undefined) return refused;
    const verdict = this.options.guard.peek(this.questionOf(place, call.tool));
    return verdict.action === 'deny' ? refusedBy(verdict) : undefined;
  }

  /** Whether a list of tools shows it. */
  shows(tool: string, place: Place): boolean {
    const { guard, granted } = this.options;
    if (granted !== undefined) {
      const tools = granted.toolsOf(place.system);
      if (tools === undefined) return false;
      const { server, agent } = place;
      // Without arguments, only the tool itself and who calls it are judged.
      if (breachesOf(tools, { tool, server, agent, arguments: undefined }).length > 0) return false;
    }
    return guard.peek(this.questionOf(place, tool)).action !== 'deny';
  }

  /** What lists would show of the names met, as one text to compare. */
  picture(names: ReadonlySet<string>, place: Place): string {
    return [...names].map((tool) => `${this.shows(tool, place) ? '+' : '-'}${tool}`).join('\n');
  }

  private standing(call: Call, place: Place): { readonly meant?: Tool | undefined; readonly refused?: Refused } {
    const { granted } = this.options;
    if (granted === undefined) return {};
    const tools = granted.toolsOf(place.system);
    if (tools === undefined)
      return {
        refused: {
          rule: 'unknown',
          message: `What ${place.system} was granted is not known here, so nothing is called for it.`,
          verdict: DENIED,
        },
      };
    const { server, agent } = place;
    const asked = { tool: call.tool, server, agent, arguments: call.arguments };
    const [breach] = breachesOf(tools, asked);
    if (breach !== undefined) return { refused: { rule: breach.rule, message: breach.why, verdict: DENIED } };
    return { meant: toolMeant(tools, asked) };
  }

  /** Why it is not approved, as a sentence; undefined: a person said yes. Whatever goes wrong is no yes. */
  private async ask(call: Call, place: Place, verdict: Verdict, signal: AbortSignal): Promise<string | undefined> {
    const { system, feature, subject, agent, server } = place;
    let decision: ReviewDecision;
    try {
      decision = await this.options.guard.review(
        {
          system,
          ...(feature === undefined ? {} : { feature }),
          ...(subject === undefined ? {} : { subject }),
          ...(verdict.hold === undefined ? {} : { hold: verdict.hold }),
          ...(verdict.incident === undefined ? {} : { incident: verdict.incident }),
          queue: verdict.review ?? '',
          question: `${agent ?? 'An agent'} wants to call “${call.tool}” of ${server}.`,
          tool: call.tool,
          arguments: call.arguments,
        },
        { timeoutMs: this.options.reviewMs, signal },
      );
    } catch {
      return `“${call.tool}” needs a person, and nobody could be asked.`;
    }
    if (decision.state === 'approved') return undefined;
    const reason = decision.reason === undefined ? '' : ` ${decision.reason}`;
    if (decision.state === 'timed-out') return `“${call.tool}” needs a person, and nobody decided in time.`;
    return `A person did not agree to this call of “${call.tool}”.${reason}`;
  }
}

function refusedBy(verdict: Verdict): Refused {
  return {
    rule: verdict.retryAfterMs === undefined ? 'hold' : 'limit',
    message: verdict.message ?? 'This tool is revoked at the moment.',
    verdict,
  };
}

/** The answer to a call that is not made: a JSON-RPC error, or a result that says so for agents that stop at errors. */
export function denialOf(
  id: Message['id'],
  { rule, message, verdict }: Refused,
  as: 'error' | 'result',
  stateless: boolean,
): Json {
  const { hold, control, incident, epoch, retryAfterMs } = verdict;
  const data = { type: '/problems/mcp.denied', rule, hold, control, incident, epoch, retryAfterMs };
  if (as === 'error') return { jsonrpc: '2.0', id: id ?? null, error: { code: RPC.denied, message, data } };
  return {
    jsonrpc: '2.0',
    id: id ?? null,
    result: {
      ...(stateless ? { resultType: 'complete' } : {}),
      isError: true,
      content: [{ type: 'text', text: message }],
      _meta: { 'firebreak/denied': data },
    },
  };
}

const MOST_NAMES = 2_000;

/**
 * The answer to `tools/list` without what may not be called; undefined: it is none, or nothing is left out. Names met are
 * added to `seen`.
 */
export function filteredList(answer: unknown, shows: (tool: string) => boolean, seen: Set<string>): Json | undefined {
  if (!isJson(answer) || !isJson(answer.result) || !Array.isArray(answer.result.tools)) return undefined;
  const tools = answer.result.tools as readonly unknown[];
  const kept = tools.filter((tool) => {
    if (!isJson(tool) || typeof tool.name !== 'string') return false;
    if (seen.size < MOST_NAMES) seen.add(tool.name);
    return shows(tool.name);
  });
  return kept.length === tools.length ? undefined : { ...answer, result: { ...answer.result, tools: kept } };
}
