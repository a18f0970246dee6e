import type { Verdict } from '@firebreak/core/respond/containment';
import type { Guard, Question } from './guard.ts';

type Context = Readonly<Record<string, unknown>>;
type Handler = (details?: object) => void;

interface Details<T> {
  readonly value: T;
  readonly reason: string;
  readonly variant?: string;
  readonly errorCode?: 'FLAG_NOT_FOUND' | 'TYPE_MISMATCH';
  readonly flagMetadata?: Readonly<Record<string, string | number | boolean>>;
}

type Permission = 'allowed' | 'model' | 'prompt' | 'provider' | 'settings' | 'limits' | 'review';
const PERMISSION = /^contain\.(.+)\.(allowed|model|prompt|provider|settings|limits|review)$/;
const FACTS = [
  'feature',
  'model',
  'prompt',
  'provider',
  'country',
  'agent',
  'credential',
  'tool',
  'index',
  'trigger',
  'text',
];

/** What the context of an evaluation says of the request; `targetingKey` is its subject. */
function questionOf(context: Context): Question {
  const question: Record<string, unknown> = {};
  for (const fact of FACTS) {
    const value = context[fact];
    if (typeof value === 'string' && value !== '') question[fact] = value;
  }
  const { authenticated, targetingKey, direction, attachments } = context;
  if (typeof targetingKey === 'string' && targetingKey !== '') question.subject = targetingKey;
  if (authenticated !== undefined) question.authenticated = authenticated === true || authenticated === 'true';
  if (direction === 'output') question.direction = direction;
  if (typeof attachments === 'number') question.attachments = attachments;
  return question;
}

function metadataOf({ epoch, hold, control, incident, message }: Verdict): Record<string, string | number> {
  return {
    epoch,
    ...(hold === undefined ? {} : { hold }),
    ...(control === undefined ? {} : { control }),
    ...(incident === undefined ? {} : { incident }),
    ...(message === undefined ? {} : { message }),
  };
}

/** Handlers by event, as the OpenFeature SDK for servers wants them of a provider. */
function emitter() {
  const handlers = new Map<string, Set<Handler>>();
  const of = (event: string) => {
    const known = handlers.get(event) ?? new Set<Handler>();
    handlers.set(event, known);
    return known;
  };
  return {
    addHandler: (event: string, handler: Handler) => void of(event).add(handler),
    removeHandler: (event: string, handler: Handler) => void of(event).delete(handler),
    removeAllHandlers: (event?: string) => void (event === undefined ? handlers.clear() : of(event).clear()),
    getHandlers: (event: string) => [...of(event)],
    emit: (event: string, details?: object) => {
      for (const handler of of(event)) handler(details);
    },
    setLogger() {
      return this;
    },
  };
}

/**
 * A provider for the OpenFeature SDK of servers on the state this process holds: flags `contain.<system>.allowed`,
 * `contain.<system>.<feature>.model` and so on, as Firebreak answers them by OFREP, in microseconds and without a network.
 */
export function provider(guard: Guard, system: string) {
  const events = emitter();
  const off = [
    guard.on('change', () => events.emit('PROVIDER_CONFIGURATION_CHANGED')),
    guard.on('stale', () => events.emit('PROVIDER_STALE', { message: 'contact to Firebreak is lost' })),
    guard.on('fresh', () => events.emit('PROVIDER_READY')),
  ];
  function evaluate<T>(key: string, fallback: T, context: Context, type: 'boolean' | 'string' | 'object'): Details<T> {
    const match = PERMISSION.exec(key);
    const scope = match?.[1];
    const known = scope === system || scope?.startsWith(`${system}.`);
    if (match === null || scope === undefined || !known)
      return { value: fallback, reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND' };
    const feature = scope === system ? undefined : scope.slice(system.length + 1);
    const asked = questionOf(context);
    const verdict = guard.check({ ...asked, system, ...(feature === undefined ? {} : { feature }) });
    const { action, to, settings, limits } = verdict;
    const permission = match[2] as Permission;
    const value = {
      allowed: action !== 'deny' && action !== 'review',
      settings: { ...settings },
      limits: { limits: limits ?? [] },
      review: action === 'review',
      model: to?.model ?? asked.model,
      prompt: to?.prompt ?? asked.prompt,
      provider: to?.provider ?? asked.provider,
    }[permission];
    const reason = action === 'allow' ? 'STATIC' : 'TARGETING_MATCH';
    const flagMetadata = metadataOf(verdict);
    // What nothing overrides has no value: the caller's own stands.
    if (value === undefined) return { value: fallback, reason: 'DEFAULT', flagMetadata };
    if (typeof value !== type) return { value: fallback, reason: 'ERROR', errorCode: 'TYPE_MISMATCH', flagMetadata };
    return { value: value as T, reason, flagMetadata };
  }
  return {
    metadata: { name: 'firebreak' },
    runsOn: 'server' as const,
    hooks: [],
    events,
    initialize: () => guard.ready(),
    async onClose() {
      for (const stop of off) stop();
    },
    resolveBooleanEvaluation: async (key: string, fallback: boolean, context: Context = {}) =>
      evaluate(key, fallback, context, 'boolean'),
    resolveStringEvaluation: async (key: string, fallback: string, context: Context = {}) =>
      evaluate(key, fallback, context, 'string'),
    resolveNumberEvaluation: async (key: string, fallback: number, context: Context = {}): Promise<Details<number>> => {
      const { errorCode } = evaluate<unknown>(key, fallback, context, 'object');
      return { value: fallback, reason: 'ERROR', errorCode: errorCode ?? 'TYPE_MISMATCH' };
    },
    resolveObjectEvaluation: async <T>(key: string, fallback: T, context: Context = {}) =>
      evaluate(key, fallback, context, 'object'),
  };
}
