import { ARCHETYPES } from '@firebreak/core/detect/signals';
import { CAPABILITIES } from '@firebreak/core/prepare/people';
import {
  CHECKED_STATES,
  COUNTRY_LIMIT,
  type Control as CoreControl,
  type Expiry as CoreExpiry,
  type ExpiryDefault as CoreExpiryDefault,
  type Gate as CoreGate,
  type InstanceTraffic as CoreInstanceTraffic,
  type Manifest as CoreManifest,
  type Missing as CoreMissing,
  type Standing as CoreStanding,
  IN_FLIGHT,
  LEVERS,
  MESSAGE_LIMIT,
  PATTERN_LIMIT,
  PHRASE_LIMIT,
  PROOF_NAMES,
  PROOF_STATES,
  TOOL_LIMIT,
} from '@firebreak/core/respond/containment';
import { READINESS, TEST_OUTCOMES } from '@firebreak/core/respond/control-tests';
import { type Worth as CoreWorth, PART_NAMES, PREVIEW_MARK } from '@firebreak/core/respond/recommendation';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Actor, At, id, Key, Line, Moment } from '../shapes.ts';

const featureName = z.string().min(1).max(100).describe('absent: the whole system');
const version = z.string().min(1).max(200);
const userMessage = z.string().min(1).max(MESSAGE_LIMIT).describe('calm text for the users of the AI system');
const base = {
  feature: featureName.exactOptional(),
  message: userMessage.exactOptional(),
  inFlight: z
    .literal('drain')
    .exactOptional()
    .describe('answers and calls that run when it is ordered finish; absent: they are ended with an error'),
};
const servedBy = z
  .object({ model: version.exactOptional(), prompt: version.exactOptional(), provider: version.exactOptional() })
  .meta({ id: 'ServedBy' });

const tools = z.array(version).max(TOOL_LIMIT).readonly();

/** The parameters are judged in full by the core (`control.bad-parameters`); here only their shape. */
export const Control = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('disable'), ...base }),
    z.object({ kind: z.literal('route'), ...base, from: servedBy.exactOptional(), to: servedBy }),
    z.object({
      kind: z.literal('fence'),
      ...base,
      countries: z
        .object({ mode: z.enum(['deny', 'allow']), list: z.array(z.string().max(10)).max(COUNTRY_LIMIT).readonly() })
        .exactOptional(),
      audience: z.literal('authenticated').exactOptional(),
    }),
    z.object({
      kind: z.literal('block'),
      ...base,
      phrases: z.array(z.string().max(500)).max(PHRASE_LIMIT).readonly().exactOptional(),
      patterns: z.array(z.string().max(1_000)).max(PATTERN_LIMIT).readonly().exactOptional(),
      direction: z.enum(['input', 'output']).exactOptional(),
    }),
    z.object({
      kind: z.literal('input'),
      ...base,
      maxCharacters: z.number().exactOptional(),
      attachments: z.literal('refuse').exactOptional(),
      links: z.literal('refuse').exactOptional(),
    }),
    z.object({ kind: z.literal('retrieval'), ...base, index: version.describe('an index, or a memory') }),
    z.object({ kind: z.literal('review'), ...base, tools: tools.exactOptional(), queue: version.exactOptional() }),
    z.object({
      kind: z.literal('revoke'),
      ...base,
      agent: version.exactOptional(),
      tools: tools.exactOptional(),
      credential: version.exactOptional().describe('its name, never the secret'),
    }),
    z.object({ kind: z.literal('pause'), ...base, trigger: version.exactOptional() }),
    z.object({
      kind: z.literal('limit'),
      ...base,
      requests: z.number(),
      seconds: z.number(),
      per: z.enum(['subject', 'everyone']),
    }),
    z.object({
      kind: z.literal('settings'),
      ...base,
      temperature: z.number().exactOptional(),
      topP: z.number().exactOptional(),
      maxTokens: z.number().exactOptional(),
      values: z.record(z.string().max(100), z.union([z.string().max(200), z.number(), z.boolean()])).exactOptional(),
    }),
  ])
  .meta({ id: 'Control' });

/** Drift between the wire and the core fails to compile here. */
type Same<A, B> = [A, B] extends [B, A] ? true : never;
export const controlIsCore: Same<z.output<typeof Control>, CoreControl> = true;

export const Expiry = z
  .discriminatedUnion('mode', [
    z.object({ mode: z.literal('until-lifted') }),
    z.object({ mode: z.literal('auto'), at: At }),
  ])
  .meta({ id: 'Expiry' }) satisfies z.ZodType<CoreExpiry>;
const expiryGiven = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('until-lifted') }),
  z.object({ mode: z.literal('auto'), at: Moment }),
  z.object({
    mode: z.literal('auto-after'),
    minutes: z
      .number()
      .int()
      .min(1)
      .max(60 * 24 * 90),
  }),
]);
export const ExpiryDefault = z
  .discriminatedUnion('mode', [
    z.object({ mode: z.literal('until-lifted') }),
    z.object({
      mode: z.literal('auto'),
      minutes: z
        .number()
        .int()
        .min(1)
        .max(60 * 24 * 90),
    }),
  ])
  .meta({ id: 'ExpiryDefault' }) satisfies z.ZodType<CoreExpiryDefault>;

export const Gate = z
  .object({
    checks: z.array(Line).max(20).readonly(),
    suites: z
      .array(z.string().min(5).max(80))
      .max(10)
      .readonly()
      .describe('golden sets or probe suites that have to pass'),
    approvals: z.number().int().min(1).max(2).describe('people who agree, besides whoever asks'),
    watchMinutes: z
      .number()
      .int()
      .min(0)
      .max(14 * 1_440)
      .describe('after everybody is let go; a relapse in this time puts the hold back'),
  })
  .meta({ id: 'Gate' }) satisfies z.ZodType<CoreGate>;

const seconds = z.number().int().describe('seconds from the order');
export const Standing = z
  .object({
    owner: z.string().trim().max(200).describe('who answers for the control; empty: nobody is named'),
    plan: z.object({
      everyDays: z.number().int().describe('1 to 365'),
      quietHour: z.number().int().describe('hour of the day, UTC, 0 to 23'),
      surfaces: z
        .array(z.enum(['guard', 'gateway', 'other']))
        .max(3)
        .readonly()
        .describe('what is tested; empty: everything that lives'),
    }),
    proofs: z
      .object({ acknowledged: seconds, probe: seconds, traffic: seconds })
      .describe('how long each proof of an order may take before people are told'),
  })
  .meta({ id: 'Standing' }) satisfies z.ZodType<CoreStanding>;

export const Readiness = z
  .object({
    state: z.enum(READINESS),
    workedAt: At.nullable().describe('when it last worked, in a test or in earnest'),
    says: z.string(),
  })
  .meta({ id: 'ControlReadiness' });
export const TimesToEffect = z
  .object({ medianMs: z.number(), worstMs: z.number(), tests: z.int() })
  .meta({ id: 'TimesToEffect' });

export const DeclaredControl = z
  .object({
    control: id('ctl'),
    system: z.string(),
    name: z.string(),
    what: Control,
    says: z.string().describe('what it does, as part of a sentence: `roll back prompt v41 → v40`'),
    sideEffects: z.string(),
    expiry: ExpiryDefault,
    needs: z.enum(CAPABILITIES),
    gate: Gate.exactOptional().describe(
      'what has to be so before a hold by it is let go; absent: a second person lifts it',
    ),
    declaredAt: At,
    retired: z.boolean(),
    standing: Standing,
    readiness: Readiness,
    effect: TimesToEffect.nullable().describe('of the last tests that passed; null: none has'),
    lastTest: z
      .object({ test: id('tst'), at: At, outcome: z.enum(TEST_OUTCOMES).nullable(), says: z.string() })
      .nullable()
      .describe('outcome null: it runs'),
    lastOrderedAt: At.nullable().describe('null: never pulled'),
  })
  .meta({ id: 'DeclaredControl' });
export type DeclaredControl = z.output<typeof DeclaredControl>;

const Missing = z.object({ instance: z.string(), host: z.string(), why: z.string() }) satisfies z.ZodType<CoreMissing>;

export const Manifest = z
  .object({
    manifest: id('man'),
    system: z.string(),
    versions: z.array(z.object({ deployment: z.string(), kind: z.string(), version: z.string() })),
    holds: z.array(id('hld')),
    roster: z.array(z.object({ instance: z.string(), host: z.string(), epoch: z.number(), live: z.boolean() })),
    telemetry: z.record(z.string(), z.object({ upTo: z.string(), rows: z.number(), more: z.literal(true).optional() })),
    takenAt: At,
    digest: z.string(),
  })
  .meta({ id: 'Manifest' }) satisfies z.ZodType<CoreManifest>;

export const ProofRow = z
  .object({
    proof: z.enum(PROOF_NAMES),
    state: z.enum(PROOF_STATES),
    since: At,
    dueAt: At.nullable().describe('when it counts as missing; null: it does not'),
    have: z.int(),
    of: z.int(),
    says: z.string(),
    missing: z.array(Missing).readonly(),
    todo: z.array(z.string()).readonly().describe('what to do next'),
    escalated: z
      .object({ at: At, to: z.array(z.object({ id: z.string(), name: z.string() })).readonly() })
      .nullable()
      .describe('who was told that it is missing; an empty list: no channel is set up'),
  })
  .meta({ id: 'Proof' });
export type ProofRow = z.output<typeof ProofRow>;

/** An instance that a person says is gone, and what became of that. */
export const GoneRow = z
  .object({
    instance: z.string(),
    host: z.string(),
    reason: z.string(),
    at: At,
    by: Actor,
    backAt: At.nullable().describe('when it was heard again all the same: it counts from then on'),
    told: z
      .array(z.object({ id: z.string(), name: z.string() }))
      .readonly()
      .nullable()
      .describe('who was told that it is heard again; an empty list: no channel is set up'),
  })
  .meta({ id: 'GoneRow' });
export type GoneRow = z.output<typeof GoneRow>;

export const HoldRow = z
  .object({
    hold: id('hld'),
    label: z.string().meta({ examples: ['HLD-12'] }),
    incident: id('inc'),
    system: z.string(),
    control: id('ctl').nullable(),
    what: Control,
    says: z.string(),
    reason: z.string(),
    expiry: Expiry,
    state: z.enum(['active', 'lifted', 'expired']),
    confirmation: z.enum(['ordered', 'confirmed', 'failed']).describe('three truths, shown apart'),
    confirmedAt: At.nullable(),
    /** Milliseconds from the order to the last acknowledgement. */
    lastAckMs: z.number().nullable(),
    failure: z.object({ at: At, why: z.string(), instances: z.array(Missing).readonly() }).nullable(),
    orderedAt: At,
    orderedBy: Actor,
    seconded: Actor.nullable().describe('who agreed before it went, where somebody had to'),
    adopt: z
      .object({ by: At, after: Expiry })
      .nullable()
      .describe('it went without a person, or before a second one: it ends at `by` unless a person adopts it'),
    adopted: z.object({ at: At, by: Actor, note: z.string() }).nullable(),
    glass: id('gls').nullable().describe('one person broke the glass: it lets everybody go for an hour'),
    ended: z.object({ at: At, by: Actor, reason: z.string() }).nullable(),
    manifest: id('man').nullable(),
    supersedes: id('hld').nullable(),
    gate: Gate.nullable().describe('null: a second person lifts it'),
    release: z
      .object({
        percent: z.number(),
        countries: z.array(z.string()).readonly().exactOptional(),
        step: z.number().int(),
      })
      .nullable()
      .describe('whom it lets go already, on its way to being lifted'),
    acknowledged: z.number().int().describe('live instances that obey'),
    live: z.number().int().describe('live instances of the system'),
    gone: z
      .array(GoneRow)
      .describe('instances that are not waited for, because a person says that they are gone, and those heard since'),
    proofs: z
      .object({ acknowledged: ProofRow, probe: ProofRow, traffic: ProofRow })
      .nullable()
      .describe('three proofs that it holds, each by itself; null once it is over'),
    level: z
      .object({ at: z.int().min(0).max(4), says: z.string() })
      .nullable()
      .describe('how far the order has come: 0 recorded, 1 delivered, 2 obeyed, 3 effective, 4 quiet'),
    canary: z
      .object({
        instances: z
          .array(z.object({ instance: z.string(), surface: z.string(), says: z.string(), ok: z.boolean() }))
          .readonly(),
        forced: z.boolean(),
        unasked: z
          .int()
          .exactOptional()
          .describe('live instances of kinds of which nobody could be asked: they poll, or are on another server'),
      })
      .nullable()
      .describe('who took the order first; null: the control was proven, or nobody is live'),
    seen: z
      .object({ refused: z.number().int(), rerouted: z.number().int(), lastAt: At.nullable() })
      .describe('requests this hold has touched, as instances report them'),
  })
  .meta({ id: 'HoldRow' });
export type HoldRow = z.output<typeof HoldRow>;

/** A pull that waits for a second person, or did. */
export const PullRow = z
  .object({
    pull: id('pul'),
    incident: id('inc'),
    system: z.string(),
    control: id('ctl').nullable(),
    what: Control,
    says: z.string(),
    reason: z.string(),
    expiry: Expiry,
    change: z.string().describe('digest of exactly this change: what somebody agrees to'),
    state: z.enum(['waiting', 'approved', 'withdrawn', 'lapsed']),
    askedAt: At,
    askedBy: Actor,
    until: At.describe('it lapses then'),
    hold: id('hld').nullable(),
    preview: z.string().nullable().describe('mark of the preview that whoever asked saw'),
  })
  .meta({ id: 'PullRow' });
export type PullRow = z.output<typeof PullRow>;

const InstanceTraffic = z
  .object({
    instance: z.string(),
    records: z.int().describe('of the scope of the hold since everybody should obey, that went through it'),
    asIntended: z.int().describe('of these, touched by the hold or answered by what was ordered'),
    contrary: z.int().describe('of these, got past'),
    lastContraryAt: At.nullable(),
  })
  .meta({ id: 'InstanceTraffic' }) satisfies z.ZodType<CoreInstanceTraffic>;

const Touches = z.object({ refused: z.number().int(), rerouted: z.number().int(), lastAt: At.nullable() });

export const ACKNOWLEDGEMENTS = ['acknowledged', 'missing', 'unsupported', 'refused', 'stale'] as const;
export const InstanceAcknowledgement = z
  .object({
    instance: z.string(),
    host: z.string(),
    version: z.string(),
    state: z
      .enum(ACKNOWLEDGEMENTS)
      .describe(
        'unsupported: does not know this kind of control; refused: did not accept the state sent; stale: no sign of life',
      ),
    ackMs: z.number().nullable().describe('from the order to its acknowledgement, milliseconds'),
    why: z.string().nullable(),
    checks: z.boolean().describe('it can try itself with made-up requests'),
    tried: z.enum(CHECKED_STATES).nullable().describe('what its own made-up request met'),
    door: z.enum(CHECKED_STATES).nullable().describe('of a gateway: what one sent to its own front door met'),
    triedAt: At.nullable(),
    lastSeenAt: At,
    seen: Touches.describe('requests that this hold has touched there, as the instance counts them'),
    traffic: InstanceTraffic.omit({ instance: true })
      .nullable()
      .describe('what records say of it; null: no record names it'),
  })
  .meta({ id: 'InstanceAcknowledgement' });
export type InstanceAcknowledgement = z.output<typeof InstanceAcknowledgement>;

export const GuardInstance = z
  .object({
    instance: z.string(),
    host: z.string(),
    system: z.string(),
    kind: z.enum(['guard', 'gateway', 'other']),
    version: z.string(),
    transport: z.enum(['socket', 'poll']),
    live: z.boolean(),
    left: z.boolean().describe('it said goodbye: it was ended in order'),
    gone: z.boolean().describe('a person says that it is gone, and it was not heard since'),
    current: z.boolean().describe('holds the newest state'),
    epoch: z.number().int(),
    failMode: z.string(),
    unsupported: z.array(z.string()),
    refused: z.number().int(),
    rerouted: z.number().int(),
    checks: z.number().int(),
    connectedAt: At.nullable(),
    lastSeenAt: At,
  })
  .meta({ id: 'GuardInstance' });
export type GuardInstance = z.output<typeof GuardInstance>;

const part = z.array(z.object({ name: z.string().nullable(), requests: z.number(), touched: z.number() })).readonly();
const Reach = z
  .object({
    minutes: z.number().int().describe('how far back was looked'),
    perMinute: z.number().describe('requests a minute that it would have met'),
    requests: z.number().int(),
    touched: z.number().int().describe('requests that it would have met'),
    unsaid: z
      .number()
      .int()
      .describe(
        'not counted in `touched`: records leave out what the control asks for, so guards decide by what they are told',
      ),
    benign: z.number().int().describe('of those touched, without a signal'),
    nameless: z.number().int().describe('of those touched, by nobody who is named'),
    people: z.number().int(),
    sessions: z.number().int(),
    looked: z.number().int().describe('requests read one by one'),
    sampled: z
      .boolean()
      .describe('numbers are scaled up from those read, and people and sessions are at least so many'),
    parts: z
      .partialRecord(z.enum(PART_NAMES), part)
      .describe('by feature, and by what else this kind of control is about; most touched first'),
  })
  .meta({ id: 'ContainmentReach' });
const DryRun = z
  .object({
    tried: z.number().int(),
    hits: z.number().int(),
    benign: z.number().int().describe('hits without a signal'),
    benignTried: z.number().int(),
    secondLook: z.boolean().describe('more than one in a hundred of what looked benign would be refused'),
    examples: z.array(z.string()).readonly().describe('beginnings of benign texts that would be refused'),
    tookMs: z.number().describe('milliseconds to try all of them'),
  })
  .meta({ id: 'ContainmentDryRun' });

export const Preview = z
  .object({
    says: z.string(),
    instances: z.array(z.object({ instance: z.string(), host: z.string(), live: z.boolean() })),
    live: z.number().int(),
    /** Interactions recorded in the last hour, by feature; null where nothing of the system is recorded. */
    lastHour: z
      .array(z.object({ feature: z.string().nullable(), requests: z.number().int(), touched: z.boolean() }))
      .nullable(),
    conflict: z.object({ hold: id('hld'), label: z.string(), incident: id('inc'), says: z.string() }).nullable(),
    already: id('hld').nullable().describe('a hold in force that does the same'),
    unknownFeature: z
      .string()
      .nullable()
      .describe('where others are registered, and nobody registered or lately named the one it is for: as a sentence'),
    unable: z
      .array(z.object({ instance: z.string(), host: z.string(), why: z.string() }))
      .describe('live instances that would not obey, by name'),
    others: z
      .array(
        z.object({
          hold: id('hld'),
          label: z.string(),
          incident: id('inc'),
          incidentLabel: z.string(),
          says: z.string(),
        }),
      )
      .describe('other holds in force on the same thing, whose incidents go on when this one ends'),
    reach: Reach.nullable().describe('null: nothing of the system is recorded'),
    words: DryRun.nullable().describe('for controls that read words: tried on stored requests'),
    around: z.object({
      features: z.array(z.string()).describe('of the system, as far as they are in scope'),
      nodes: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          how: z.enum(['needs', 'fed', 'shares']),
          depth: z.number().int(),
          via: z.string(),
        }),
      ),
    }),
    mark: z
      .string()
      .describe('handed back with the order as `ifPreview`, so that it is refused where the reach changed since'),
    tookMs: z.number().describe('milliseconds the look took'),
  })
  .meta({ id: 'ContainmentPreview' });
export type Preview = z.output<typeof Preview>;

const money = z.number().min(0).max(1e12);
export const Worth = z
  .object({
    lossPerHour: money.nullable().describe('loss an hour while the harm goes on; null: nobody has said'),
    costPerRequest: money.nullable().describe('what one good request costs that is not served; null: nobody has said'),
    needless: money.describe('what it costs on top where it turns out needless'),
    hours: z.number().min(0.25).max(720).describe('how far ahead is weighed'),
  })
  .meta({ id: 'ContainmentWorth' }) satisfies z.ZodType<CoreWorth>;

const tag = 'Containment';
const system = z.object({ system: z.string().min(2).max(80) });
const incident = z.object({ incident: z.string().min(5).max(80) });
const incidentHold = incident.extend({ hold: id('hld') });
const reason = z.string().trim().min(1).max(2_000);
const aimed = {
  control: id('ctl').optional().describe('a control wired in advance; otherwise say system and what'),
  system: Key.optional(),
  what: Control.optional(),
  inFlight: z
    .enum(IN_FLIGHT)
    .optional()
    .describe('what becomes of what runs, where that is to be otherwise than the control says'),
};

const force = z
  .boolean()
  .optional()
  .describe('send it to everybody though the instance that took it first did not pass');
const ifPreview = z.string().regex(PREVIEW_MARK, 'hand back the `mark` of the preview as it was').optional();
const orderBody = z.object({
  ...aimed,
  reason,
  expiry: expiryGiven.optional(),
  skipEvidence: z.string().trim().max(2_000).optional().describe('why nothing is to be preserved; recorded'),
  supersedes: id('hld').optional(),
  gate: Gate.optional().describe('instead of the gate of the control'),
  force,
  ifPreview: ifPreview.describe('the `mark` of the preview that was seen: refused where the reach changed since'),
  chosen: z
    .object({
      archetype: z.enum(ARCHETYPES).nullable(),
      taken: z.enum(LEVERS),
      recommended: z.enum(LEVERS).nullable(),
      offered: z.array(z.enum(LEVERS)).max(LEVERS.length),
      worth: Worth,
      prevented: z.number().min(0).max(1).describe('as the person left it'),
      breakEven: z.number().min(0).nullable(),
      guided: z
        .literal(false)
        .exactOptional()
        .describe('false: whoever orders was not led through the recommendation, and may not have seen it'),
    })
    .optional()
    .describe('what was recommended and what was taken; recorded beside the order'),
  typed: z
    .string()
    .max(80)
    .optional()
    .describe('key of the system, typed by whoever pulls; asked for where a whole system is touched'),
  automatic: z
    .literal(true)
    .optional()
    .describe('pulled by a program on its own: it ends after 15 minutes unless a person adopts it'),
});
const ofOrder = [
  'containment.out-of-reach',
  'incident.unknown',
  'incident.closed',
  'system.unknown',
  'control.unknown',
  'control.bad-parameters',
  'right.missing',
  'right.granted-late',
  'session.stale',
  'scope.not-typed',
  'hold.same-person',
  'hold.conflict',
  'hold.bad-expiry',
  'hold.no-evidence',
  'hold.too-many',
  'hold.reach-changed',
  'hold.canary-failed',
];
/** Stopping something must not end at a database that does not answer. */
const outOfReach = {
  code: 'containment.out-of-reach',
  detail:
    'The database does not answer, so nothing can be ordered from here. Guards and gateways keep what they hold. To stop something now, apply a capsule on the machine of the guard (firebreak capsule apply FILE --state FILE), or stop the process. When the database answers again, look whether this was ordered; ordering it twice changes nothing.',
} as const;
const change = z.string().min(10).max(100);
const aPull = incident.extend({ pull: id('pul') });

export const containment = {
  listControls: endpoint({
    method: 'GET',
    path: '/api/v1/systems/:system/controls',
    tag,
    summary: 'Controls wired in advance for a system',
    may: 'read',
    params: system,
    answer: z.object({ controls: z.array(DeclaredControl) }),
    refusals: ['system.unknown'],
  }),
  declareControl: endpoint({
    method: 'POST',
    path: '/api/v1/systems/:system/controls',
    tag,
    summary: 'Wire a control in advance',
    may: 'containment.declare',
    params: system,
    body: z.object({
      name: Line,
      what: Control,
      sideEffects: z.string().trim().max(2_000).default(''),
      expiry: ExpiryDefault.default({ mode: 'until-lifted' }),
      needs: z.enum(CAPABILITIES).default('containment.order'),
      gate: Gate.exactOptional(),
      standing: Standing.exactOptional(),
    }),
    answer: DeclaredControl,
    status: 201,
    refusals: [
      'system.unknown',
      'control.bad-parameters',
      'control.bad-plan',
      'control.name-taken',
      'control.too-many',
    ],
  }),
  planControl: endpoint({
    method: 'PUT',
    path: '/api/v1/systems/:system/controls/:control/standing',
    tag,
    summary: 'Say who answers for a control, when it is tested, and how long its proofs may take',
    may: 'containment.declare',
    params: system.extend({ control: id('ctl') }),
    body: Standing,
    answer: DeclaredControl,
    refusals: ['system.unknown', 'control.unknown', 'control.bad-plan'],
  }),
  retireControl: endpoint({
    method: 'POST',
    path: '/api/v1/systems/:system/controls/:control/retire',
    tag,
    summary: 'Retire a control; holds ordered by it stay in force',
    may: 'containment.declare',
    params: system.extend({ control: id('ctl') }),
    body: z.object({ reason: Line }),
    answer: DeclaredControl,
    refusals: ['system.unknown', 'control.unknown'],
  }),
  preview: endpoint({
    method: 'POST',
    path: '/api/v1/containment/preview',
    tag,
    summary: 'What an order would touch, before it is given',
    may: 'read',
    body: z.object(aimed),
    answer: Preview,
    refusals: ['system.unknown', 'control.unknown', 'control.bad-parameters'],
  }),
  order: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/holds',
    tag,
    summary: 'Preserve evidence and restrict, in one step; ordering what is already held changes nothing',
    may: 'containment.order',
    params: incident,
    body: orderBody,
    answer: HoldRow,
    status: 201,
    outOfReach,
    refusals: [...ofOrder, 'pull.needs-second'],
  }),
  askPull: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/pulls',
    tag,
    summary: 'Ask a second person to agree to a pull, where the control wants one; it lapses when nobody does in time',
    may: 'containment.order',
    params: incident,
    body: orderBody,
    answer: PullRow,
    status: 201,
    outOfReach,
    refusals: [...ofOrder, 'pull.too-many'],
  }),
  listPulls: endpoint({
    method: 'GET',
    path: '/api/v1/incidents/:incident/pulls',
    tag,
    summary: 'Pulls of an incident that wait or waited for a second person, newest first',
    may: 'read',
    params: incident,
    answer: z.object({ pulls: z.array(PullRow) }),
    refusals: ['incident.unknown'],
  }),
  approvePull: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/pulls/:pull/approve',
    tag,
    summary: 'Agree to exactly this pull; it is ordered at once',
    may: 'containment.order',
    params: aPull,
    body: z.object({
      change,
      ifPreview: ifPreview.describe(
        'the `mark` of the preview you saw, where the reach changed since it was asked for',
      ),
      force,
    }),
    answer: HoldRow,
    outOfReach,
    refusals: [...ofOrder, 'pull.unknown', 'pull.over', 'pull.changed', 'pull.same-person'],
  }),
  withdrawPull: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/pulls/:pull/withdraw',
    tag,
    summary: 'It is not wanted any more',
    may: 'containment.order',
    params: aPull,
    body: z.object({ reason }),
    answer: PullRow,
    refusals: ['incident.unknown', 'pull.unknown', 'pull.over'],
  }),
  adopt: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/holds/:hold/adopt',
    tag,
    summary: 'Take a hold for yours that went without a person, or before a second one',
    may: 'containment.order',
    params: incidentHold,
    body: z.object({ note: z.string().trim().max(2_000).default('') }),
    answer: HoldRow,
    outOfReach,
    refusals: [
      'incident.unknown',
      'hold.unknown',
      'hold.already-lifted',
      'hold.same-person',
      'hold.person-needed',
      'right.missing',
    ],
  }),
  sayGone: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/holds/:hold/gone',
    tag,
    summary: 'Say that an instance which does not answer is gone: no order waits for it until it is heard',
    may: 'containment.order',
    params: incidentHold,
    body: z.object({ instance: z.string().min(1).max(200), reason: Line }),
    answer: HoldRow,
    refusals: [
      'incident.unknown',
      'hold.unknown',
      'hold.already-lifted',
      'hold.person-needed',
      'instance.not-awaited',
      'right.missing',
    ],
  }),
  extend: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/holds/:hold/extend',
    tag,
    summary: 'Hold on for longer',
    may: 'containment.order',
    params: incidentHold,
    body: z.object({ expiry: expiryGiven, reason }),
    answer: HoldRow,
    refusals: [
      'incident.unknown',
      'hold.unknown',
      'hold.already-lifted',
      'hold.not-adopted',
      'hold.bad-expiry',
      'right.missing',
    ],
  }),
  lift: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/holds/:hold/lift',
    tag,
    summary: 'Let go; not by the person who ordered it',
    may: 'containment.lift',
    params: incidentHold,
    body: z.object({ reason }),
    answer: HoldRow,
    refusals: [
      'incident.unknown',
      'hold.unknown',
      'hold.already-lifted',
      'hold.gated',
      'hold.same-person',
      'right.missing',
      'right.granted-late',
      'session.stale',
    ],
  }),
  listHolds: endpoint({
    method: 'GET',
    path: '/api/v1/holds',
    tag,
    summary: 'Holds, newest first',
    may: 'read',
    query: z.object({
      state: z.enum(['active', 'any']).default('active'),
      system: Key.optional(),
      limit: z.coerce.number().int().min(1).max(500).default(200),
    }),
    answer: z.object({ holds: z.array(HoldRow) }),
  }),
  listHoldsOfIncident: endpoint({
    method: 'GET',
    path: '/api/v1/incidents/:incident/holds',
    tag,
    summary: 'Holds of an incident, newest first',
    may: 'read',
    params: incident,
    answer: z.object({ holds: z.array(HoldRow) }),
    refusals: ['incident.unknown'],
  }),
  showHold: endpoint({
    method: 'GET',
    path: '/api/v1/holds/:hold',
    tag,
    summary: 'One hold: who obeys, who does not, what was preserved first',
    may: 'read',
    params: z.object({ hold: id('hld') }),
    answer: HoldRow.extend({
      acknowledgements: z.array(InstanceAcknowledgement),
      contrary: z
        .array(z.object({ interaction: z.string(), at: At, says: z.string(), instances: z.array(z.string()) }))
        .describe('records that got past, newest first'),
      traffic: z.object({
        records: z.int().describe('of its scope, since everybody should obey'),
        asIntended: z.int(),
        contrary: z.int(),
        since: At,
        unnamed: z.int().describe('of the records, those that do not say which instance told of them'),
        elsewhere: z
          .array(InstanceTraffic)
          .describe('instances that records name and that are none of the `acknowledgements`; at most 50'),
        underWay: z
          .object({ ended: z.int(), finished: z.int() })
          .describe(
            'answers of its scope that had begun when it was ordered and were not over: ended by it, or come to their end; of records that say how long they took',
          ),
      }),
      evidence: z.union([Manifest, z.object({ skipped: z.string() })]).nullable(),
    }),
    refusals: ['hold.unknown'],
  }),
  roster: endpoint({
    method: 'GET',
    path: '/api/v1/guard/instances',
    tag,
    summary: 'Instances that obey, by last sign of life',
    may: 'read',
    query: z.object({ system: Key.optional(), limit: z.coerce.number().int().min(1).max(2_000).default(500) }),
    answer: z.object({ instances: z.array(GuardInstance) }),
  }),
};
