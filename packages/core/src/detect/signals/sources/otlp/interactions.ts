import type { Instant } from '../../../../kernel/index.ts';
import { instant } from '../../../../kernel/index.ts';
import type { Passage, Witnessed } from '../../interaction.ts';
import { word } from './dialects/dialect.ts';
import { judgingOf } from './judges.ts';
import { hadAnsweredBefore, type Node, Nodes } from './nodes.ts';
import { fingerprintIn, toolsOffered } from './offered.ts';
import type { Span } from './span.ts';
import { isError } from './span.ts';
import { handOut, toolWorks } from './tool-spans.ts';

/** 1970 to 2200: outside of it a time was not sent, or is no time. */
const LATEST = 7_258_118_400_000;
const SYSTEM = /[^a-z0-9._-]+/g;

/** Digest of definitions of tools, at most 256 characters. */
export type ToolsDigest = (offered: readonly string[]) => string;

/** A call of a model, with what is around it and those of that which wrap it. */
interface Call {
  readonly node: Node;
  readonly parents: readonly Node[];
  readonly wrappers: readonly Node[];
}

/** A service name as the key of a system: `Support Bot` becomes `support-bot`. `null` where nothing is left. */
export function systemKeyOf(name: string): string | null {
  const key = name
    .toLowerCase()
    .replace(SYSTEM, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64)
    .replace(/-+$/, '');
  return key.length >= 2 ? key : null;
}

const timeOf = (ms: number): Instant | null => (ms > 0 && ms < LATEST ? instant(Math.floor(ms)) : null);

function errorOf({ span, reading }: Node): string | null {
  if (!isError(span) && reading.error === null) return null;
  const thrown = span.events.find((event) => event.name === 'exception');
  const said =
    span.statusMessage ||
    (thrown && word(thrown.attributes, 'exception.message', 'exception.type')) ||
    reading.error ||
    'error';
  return said.slice(0, 4_000);
}

/** What spans tell of. */
export interface ToldBySpans {
  readonly interactions: readonly Witnessed[];
  /** Records of one call each that a tool carried out and that no interaction among them is known to have asked for. */
  readonly calls: readonly Witnessed[];
}

/**
 * The interactions that spans tell of. A span that calls a model is one; what it does not say itself it takes from the
 * spans around it (feature, session, person, prompt version), and from retrieval spans of its trace that began before
 * it. Where a wrapper and the call it wraps both look like a model call, the innermost is the interaction; a call that had
 * answered before another one began wraps nothing.
 * A span of a tool is a call of the interaction that asked for it; where none is known to have, it is a record by itself.
 * `fallback` names the system where neither span nor resource does; `now` is used where no time was sent; `digest` makes
 * the digest of the tools that were offered: without it they are not captured.
 */
export function toldBySpans(spans: readonly Span[], fallback: string, now: Instant, digest?: ToolsDigest): ToldBySpans {
  const nodes = new Nodes(spans);
  const retrievals = new Map<string, Node[]>();
  for (const node of nodes.all) {
    if (node.reading.work === 'retrieval' && node.reading.retrieved !== null && node.span.traceId !== null) {
      const held = retrievals.get(node.span.traceId);
      if (held === undefined) retrievals.set(node.span.traceId, [node]);
      else held.push(node);
    }
  }
  const calls = nodes.all
    .filter(({ isCall }) => isCall)
    .map((node) => {
      const parents = nodes.parentsOf(node);
      return { node, parents, wrappers: parents.filter((it) => it.isCall && !hadAnsweredBefore(it, node)) };
    });
  const wrapped = new Set(calls.flatMap(({ wrappers }) => wrappers));
  const asking = calls
    .filter(({ node }) => !wrapped.has(node))
    .map((call) => {
      const said = witnessed(call, fallback, now, digest);
      const retrieved = said.retrieved ?? passagesBefore(call.node, retrievals);
      return {
        call,
        node: call.node,
        said: { ...said, retrieved },
        toolCalls: said.toolCalls,
        unsaid: said.toolCalls === null,
      };
    });
  const alone = handOut(nodes, toolWorks(nodes), asking);
  const marked = (it: Witnessed, { node, parents }: Pick<Call, 'node' | 'parents'>): Witnessed => ({
    ...it,
    ...(judgingOf(node, parents, nodes) !== null && { judge: true as const }),
  });
  return {
    interactions: asking.map(({ call, said, toolCalls }) => marked({ ...said, toolCalls }, call)),
    calls: alone.map((work) => {
      const said = witnessed({ ...work, wrappers: [] }, fallback, now, digest);
      return marked({ ...said, ...ONLY_CALLED, toolCalls: [work.call] }, work);
    }),
  };
}

/** All records that spans tell of, as `toldBySpans` does. */
export function interactionsFromSpans(
  spans: readonly Span[],
  fallback: string,
  now: Instant,
  digest?: ToolsDigest,
): Witnessed[] {
  const { interactions, calls } = toldBySpans(spans, fallback, now, digest);
  return [...interactions, ...calls];
}

/** Of a record of a call alone: what its span holds was said to the tool and by it, not to a model. */
const ONLY_CALLED = { input: null, output: null, retrieved: null } as const;

function passagesBefore({ span }: Node, retrievals: ReadonlyMap<string, readonly Node[]>): readonly Passage[] | null {
  const found = span.traceId === null ? [] : (retrievals.get(span.traceId) ?? []);
  // Clocks of spans are exact to a millisecond only, so what began no later is taken to come before.
  const before = found.filter((r) => r.span.startMs <= span.startMs + 1);
  return before.length === 0 ? null : before.flatMap((r) => r.reading.retrieved ?? []).slice(0, 100);
}

function witnessed(
  { node, parents, wrappers: wrapping }: Call,
  fallback: string,
  now: Instant,
  digest: ToolsDigest | undefined,
): Witnessed {
  const { span, reading } = node;
  const around = [node, ...parents];
  const first = <T>(pick: (of: Node) => T | null): T | null => {
    for (const it of around) {
      const said = pick(it);
      if (said !== null) return said;
    }
    return null;
  };
  const wrappers = [node, ...wrapping];
  const content = <K extends 'input' | 'output' | 'toolCalls' | 'model' | 'modelAsked' | 'provider' | 'responseId'>(
    field: K,
  ) => wrappers.map((it) => it.reading[field]).find((said) => said !== null) ?? null;
  const named =
    first((it) => word(it.span.attributes, 'firebreak.system')) ??
    word(span.resource, 'firebreak.system', 'service.name') ??
    fallback;
  const said = <T>(pick: (of: Span) => T | null): T | null => {
    for (const it of wrappers) {
      const found = pick(it.span);
      if (found !== null) return found;
    }
    return null;
  };
  const fingerprint = said(fingerprintIn);
  const offered = digest === undefined ? null : said(toolsOffered);
  const instance = word(span.resource, 'firebreak.instance', 'service.instance.id');
  const agent = first((it) => it.reading.agent);
  const depth = parents.filter((it) => it.reading.work === 'agent').length;
  const hasTime = span.endMs >= span.startMs && span.startMs > 0;
  return {
    ...(agent === null ? {} : { agent }),
    ...(depth === 0 ? {} : { depth }),
    ...(instance === null ? {} : { instances: [instance] }),
    givenId: null,
    system: systemKeyOf(named) ?? fallback,
    at: timeOf(span.startMs) ?? now,
    feature: first((it) => word(it.span.attributes, 'firebreak.feature')) ?? first((it) => it.reading.feature),
    deployment: word(span.resource, 'firebreak.deployment', 'deployment.environment.name', 'deployment.environment'),
    versions: {
      model: content('model') as string | null,
      modelAsked: content('modelAsked') as string | null,
      prompt: first((it) => it.reading.prompt),
      index: first((it) => word(it.span.attributes, 'firebreak.index.version')),
      tools: first((it) => word(it.span.attributes, 'firebreak.tools.version')),
      ...(fingerprint === null ? {} : { fingerprint }),
      ...(offered === null ? {} : { toolsDigest: digest!(offered) }),
    },
    provider: content('provider') as string | null,
    session: first((it) => it.reading.session ?? word(it.span.attributes, 'session.id')),
    subject: first((it) => it.reading.subject ?? word(it.span.attributes, 'user.id', 'enduser.id')),
    country:
      first((it) => word(it.span.attributes, 'firebreak.country', 'geo.country.iso_code'))
        ?.slice(0, 2)
        .toUpperCase() ?? null,
    traceId: span.traceId,
    spanId: span.spanId,
    responseId: content('responseId') as string | null,
    input: content('input') as Witnessed['input'],
    output: content('output') as string | null,
    retrieved: first((it) => it.reading.retrieved),
    toolCalls: content('toolCalls') as Witnessed['toolCalls'],
    tokens: { input: reading.inputTokens, output: reading.outputTokens },
    latencyMs: hasTime ? Math.round((span.endMs - span.startMs) * 1000) / 1000 : null,
    error: errorOf(node),
    verdict: null,
    sources: ['otlp'],
  };
}
