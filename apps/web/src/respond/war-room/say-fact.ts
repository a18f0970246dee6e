import type { Archetype, CalledArchetype } from '@firebreak/core/detect/signals';
import type { Recorded } from '@firebreak/core/kernel';
import { EVERY_INCIDENT } from '@firebreak/core/prepare/playbooks';
import { describeControl, fitOf, type LeverName } from '@firebreak/core/respond/containment';
import type { IncidentRole, NamedTime } from '@firebreak/core/respond/incidents';
import { worthWords } from '@firebreak/core/respond/recommendation';
import { CALLED_WORDS } from '../../detect/archetypes/index.ts';
import { span } from '../../ui/durations.ts';
import type { Tone } from '../../ui/Marks.tsx';
import { telemetryWords } from '../containment/index.ts';
import { ROLE_TITLES, TIME_TITLES } from '../incidents/index.ts';

/** One entry of the time line, as a person reads it. */
export interface Said {
  /** In bold: who did what. */
  readonly lead: string;
  /** Goes on in plain type. */
  readonly rest?: string;
  readonly detail?: string;
  readonly quote?: string;
  readonly meta: readonly string[];
  readonly tone: Tone;
}

type Names = (who: Recorded['by'] | string) => string;
// biome-ignore lint/suspicious/noExplicitAny: the data of a fact is known only once its type is
type Data = any;
type Sayer = (data: Data, who: string, names: Names) => Omit<Said, 'meta'> & { readonly meta?: readonly string[] };

const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
const quoted = (text: string | undefined): string | undefined => (text ? `“${text}”` : undefined);
const until = (expiry: { mode: string; at?: string }): string =>
  expiry.mode === 'auto' ? 'Ends by itself.' : 'Stands until lifted.';

const kindWords = (of: CalledArchetype): string => CALLED_WORDS[of]?.toLowerCase() ?? of;

const PROOF_CAME = {
  acknowledged: 'Obeyed everywhere after all',
  probe: 'Shown to work',
  traffic: 'Quiet in traffic',
} as const;
const PROOF_MISSING = {
  acknowledged: 'Still not obeyed everywhere',
  probe: 'Not shown to work',
  traffic: 'Something gets past',
} as const;
const leverTitle = (lever: LeverName): string => fitOf(lever, 'unsaid').title;

const SAYERS: Readonly<Record<string, Sayer>> = {
  'incident.declared': (d, who) => ({
    lead: d.kind === 'near-miss' ? `${who} filed a near miss` : `${who} declared Sev ${d.severity}`,
    rest: d.candidate ? 'from a candidate' : 'from what they saw',
    ...(d.summary && { detail: d.summary }),
    tone: d.kind === 'near-miss' ? 'blue' : 'ember',
    meta: [
      ...(d.miss?.stoppedBy ? [`stopped by: ${d.miss.stoppedBy}`] : []),
      d.provisional ? 'severity is provisional: something is still unknown' : 'severity by the rubric',
      ...(d.archetype ? [`called ${kindWords(d.archetype)}`] : []),
      ...(d.systems.length > 0 ? [d.systems.join(', ')] : []),
    ],
  }),
  'link.added': (d, who) => ({
    lead: `${who} linked ${d.title || d.key || d.url}`,
    rest: [d.kind, d.tool].filter(Boolean).join(', '),
    tone: 'plain',
    meta: [d.url],
  }),
  'actions.looked': (d, who) => ({
    lead: `${who} looked at what agents did`,
    rest: `${d.found} calls found`,
    detail: `${d.counts.calls} calls in all: ${d.counts.refused} refused, ${d.counts.outside} beyond what was granted, ${d.counts.irreversible} cannot be undone, ${d.counts.open} wait for an answer.`,
    tone: 'blue',
  }),
  'action.settled': (d, who) => ({
    lead: `${who} answered for ${count(d.calls.length, 'call')}`,
    rest:
      ({ undone: 'undone', 'cannot-be-undone': 'cannot be undone' } as Record<string, string>)[d.as] ??
      'accepted as it is',
    quote: quoted(d.note)!,
    tone: 'plain',
  }),
  'link.removed': (d, who) => ({ lead: `${who} removed a link`, detail: quoted(d.reason)!, tone: 'plain' }),
  'link.told': (d) => ({
    lead: `${d.state} in ${d.tool || 'another tool'}`,
    rest: d.key,
    detail: 'Said there of its own thing; this incident keeps its state.',
    tone: 'blue',
  }),
  'incident.gathered': (d, who) => ({
    lead: `${who} put ${count(d.children.length, 'incident')} under it`,
    detail: d.children.map((each: { label: string }) => each.label).join(', '),
    tone: 'amber',
    ...(d.because && { meta: [d.because] }),
  }),
  'incident.attached': (d, who) => ({
    lead: `It became part of ${d.parent.label}`,
    rest: `says ${who}`,
    tone: 'amber',
  }),
  'incident.refiled': (d, who) => ({
    lead: d.to === 'near-miss' ? `${who} filed it as a near miss` : `${who} made it an incident`,
    rest: d.to === 'near-miss' ? 'that reached nobody' : 'because it reached people',
    detail: quoted(d.reason)!,
    tone: d.to === 'near-miss' ? 'blue' : 'ember',
    meta: d.miss?.stoppedBy ? [`stopped by: ${d.miss.stoppedBy}`] : [],
  }),
  'incident.titled': (d, who) => ({ lead: `${who} renamed it`, rest: `to “${d.title}”`, tone: 'plain' }),
  'incident.systems-named': (d, who) => ({
    lead: d.to.length === 0 ? `${who} left open which AI system it is` : `${who} named ${d.to.join(', ')}`,
    ...(d.from.length > 0 && { rest: `instead of ${d.from.join(', ')}` }),
    ...(d.reason && { detail: quoted(d.reason) }),
    tone: 'blue',
  }),
  'severity.called': (d, who) => ({
    lead: `${who} called Sev ${d.to}`,
    rest:
      d.to === d.from ? 'again, with new answers' : d.to < d.from ? `up from Sev ${d.from}` : `down from Sev ${d.from}`,
    ...(d.reason && { detail: quoted(d.reason) }),
    tone: d.to < d.from ? 'ember' : 'amber',
    meta: [`the rubric says Sev ${d.suggested}`],
  }),
  'archetype.called': (d, who) => ({
    lead: d.to === 'unknown' ? `${who} left open what kind of failure it is` : `${who} called it ${kindWords(d.to)}`,
    ...(d.from !== 'unknown' && d.from !== d.to && { rest: `instead of ${kindWords(d.from)}` }),
    ...(d.reason && { detail: quoted(d.reason) }),
    tone: 'blue',
    meta: d.also?.length > 0 ? [`also shows ${d.also.map((each: Archetype) => kindWords(each)).join(', ')}`] : [],
  }),
  'role.taken': (d, _who, names) => ({
    lead: `${names(d.person)} is ${ROLE_TITLES[d.role as IncidentRole]?.toLowerCase() ?? d.role}`,
    tone: 'blue',
  }),
  'role.released': (d, _who, names) => ({
    lead: `${names(d.person)} is no longer ${ROLE_TITLES[d.role as IncidentRole]?.toLowerCase() ?? d.role}`,
    tone: 'amber',
  }),
  'time.stated': (d, who) => ({
    lead: `${TIME_TITLES[d.which as NamedTime] ?? d.which} here`,
    rest: `says ${who}`,
    detail: d.because,
    tone: 'blue',
  }),
  'incident.moved': (d, who) => ({
    lead: `${who} moved it to ${d.to}`,
    rest: `from ${d.from}`,
    detail: quoted(d.reason)!,
    tone: d.to === 'open' ? 'amber' : 'moss',
  }),
  'note.written': (d, who) => ({ lead: who, rest: 'noted', detail: d.text, tone: 'plain' }),
  'decision.recorded': (d, who) => ({
    lead: `${who} decided: ${d.text}`,
    ...(d.reason && { detail: `Because ${d.reason}` }),
    tone: 'blue',
  }),
  'playbook.opened': (d, who) => ({
    lead: `Playbook opened: ${d.name}`,
    rest: `by ${who}`,
    ...(d.because && { detail: d.because }),
    tone: 'blue',
    meta: [count(d.steps.length, 'step'), `version ${d.version}`],
  }),
  'step.ticked': (d, who) => ({ lead: `${who} ticked`, rest: stepText(d), tone: 'moss' }),
  'step.unticked': (d, who) => ({ lead: `${who} opened again`, rest: stepText(d), tone: 'amber' }),
  'evidence.preserved': (d) => ({
    lead: 'Evidence preserved before any change',
    rest: `on ${d.system}`,
    detail: `${count(d.versions.length, 'version')}, ${count(d.holds.length, 'hold')} in force, ${count(d.roster.length, 'guard')}${telemetryWords(d.telemetry) && `, ${telemetryWords(d.telemetry)}`}.`,
    tone: 'moss',
    meta: [`digest ${String(d.digest).slice(0, 12)}…`],
  }),
  'evidence.skipped': (d, who) => ({
    lead: `${who} skipped preserving evidence`,
    rest: `on ${d.system}`,
    detail: quoted(d.reason)!,
    tone: 'amber',
  }),
  'evidence.released': (d, who) => ({
    lead: `${who} released the records of this incident`,
    rest: 'the rules of their systems decide again',
    detail: quoted(d.reason)!,
    tone: 'amber',
  }),
  'containment.ordered': (d, who) => ({
    lead: `${who} ordered: ${describeControl(d.what)}`,
    rest: `on ${d.system}`,
    detail: `“${d.reason}” ${until(d.expiry)}`,
    tone: 'ember',
    meta: [
      `HLD-${d.number}`,
      'lifting needs another person',
      ...(d.canary?.forced ? ['sent to everybody though the first instance did not take it'] : []),
      ...(d.askedBy ? ['somebody else had asked for it'] : []),
      ...(d.adopt ? ['a person has to adopt it'] : []),
    ],
  }),
  'containment.told': (d) => ({
    lead: d.to.length === 0 ? 'Nobody was told that a whole system is held' : 'Told that a whole system is held',
    detail:
      d.to.length === 0 ? 'No paging channel is set up.' : d.to.map((each: { name: string }) => each.name).join(', '),
    tone: d.to.length === 0 ? 'amber' : 'blue',
    meta: [
      ...(d.owner ? [`${d.owner} answers for the system`] : []),
      ...(d.executives.length > 0 ? [`executive on duty: ${d.executives.join(', then ')}`] : ['no executive is named']),
    ],
  }),
  'containment.adopted': (d, who) => ({
    lead: `${who} adopted a hold`,
    ...(d.note && { detail: quoted(d.note) }),
    rest: until(d.expiry).toLowerCase(),
    tone: 'ember',
  }),
  'pull.asked': (d, who) => ({
    lead: `${who} asks to ${describeControl(d.what)}`,
    rest: `on ${d.system}`,
    detail: `“${d.reason}” A second person has to agree.`,
    tone: 'amber',
  }),
  'pull.approved': (_d, who) => ({ lead: `${who} agreed to the pull`, tone: 'ember' }),
  'pull.withdrawn': (d, who) => ({ lead: `${who} withdrew the pull`, detail: quoted(d.reason)!, tone: 'plain' }),
  'pull.lapsed': () => ({ lead: 'Nobody agreed to the pull in time', rest: 'so nothing was ordered', tone: 'amber' }),
  'glass.broken': (d, who) => ({
    lead: `${who} broke the glass`,
    rest: `HLD-${d.number} lets everybody go for an hour`,
    detail: quoted(d.reason)!,
    tone: 'ember',
    meta: [`it no longer holds: ${d.says}`, 'two others have to agree within a day'],
  }),
  'glass.approved': (d, who) => ({
    lead: `${who} agreed that the glass was broken rightly`,
    ...(d.note && { detail: quoted(d.note) }),
    tone: 'moss',
  }),
  'glass.ended': (d, who) => ({
    lead: d.early ? `${who} put the hold back` : 'The hour is over',
    rest: 'everybody is held again',
    tone: 'ember',
  }),
  'glass.overdue': (d) => ({
    lead: 'Nobody answered for the broken glass in time',
    rest: `${d.approvals} of 2 agreed`,
    tone: 'ember',
  }),
  'glass.paged': (d) => ({
    lead: d.to.length === 0 ? 'Nobody was told of the broken glass' : 'Everybody was told of the broken glass',
    detail:
      d.to.length === 0 ? 'No paging channel is set up.' : d.to.map((each: { name: string }) => each.name).join(', '),
    tone: d.to.length === 0 ? 'amber' : 'blue',
  }),
  'containment.chosen': (d, who) => ({
    lead:
      d.guided === false
        ? d.recommended === null
          ? 'Nothing was recommended for it'
          : `${who} ordered ${d.recommended === d.taken ? 'what was' : 'something else than was'} recommended`
        : d.recommended === d.taken
          ? `${who} took what was recommended`
          : `${who} chose something else than was recommended`,
    detail:
      d.recommended === null || d.recommended === d.taken
        ? `${leverTitle(d.taken)}.`
        : `${leverTitle(d.taken)}, not: ${leverTitle(d.recommended).toLowerCase()}.`,
    tone: 'plain',
    meta: [
      `of ${count(d.offered.length, 'order')} offered`,
      ...(d.breakEven === null ? [] : [worthWords(d.breakEven).replace(/\.$/, '')]),
    ],
  }),
  'containment.confirmed': (d) => ({
    lead: d.instances === 1 ? 'Confirmed by the one live instance' : `Confirmed by all ${d.instances} live instances`,
    detail: `The last one acknowledged ${span(d.lastAckMs)} after the order.`,
    tone: 'moss',
  }),
  'executor.ordered': (d) => ({
    lead: d.way === 'hold' ? `${d.name} was told to hold` : `${d.name} was told to let go`,
    ...(d.again && { rest: 'again' }),
    detail: `It has to ${d.says}.`,
    tone: 'amber',
    meta: [d.label],
  }),
  'executor.seen': (d) => ({ lead: `What ${d.name} found before`, detail: `${d.says}.`, tone: 'plain' }),
  'executor.under-way': (d) => ({ lead: `${d.name} is at it`, detail: `${d.says}.`, tone: 'blue' }),
  'executor.confirmed': (d) => ({
    lead: d.way === 'hold' ? `${d.name} holds` : `${d.name} is set back`,
    detail: `Read back ${span(d.ms)} after the order: ${d.says}.`,
    tone: 'moss',
  }),
  'executor.failed': (d) => ({
    lead: d.againAfterMs === null ? `${d.name} did not ${d.way === 'hold' ? 'hold' : 'let go'}` : `${d.name} failed`,
    rest: d.againAfterMs === null ? `after ${count(d.attempt, 'try', 'tries')}` : `and is tried again`,
    detail: `${d.why}.`,
    tone: d.againAfterMs === null ? 'ember' : 'amber',
  }),
  'executor.stayed': (d) => ({
    lead: `${d.name} stays held`,
    detail: `${d.because.join(', ')} still ${d.because.length === 1 ? 'holds' : 'hold'} the same switch.`,
    tone: 'blue',
  }),
  'executor.overtaken': (d) => ({ lead: `${d.name} was told otherwise before it was done`, tone: 'plain' }),
  'executor.escalated': (d) => ({
    lead: d.to.length === 0 ? `Nobody was told that ${d.name} failed` : `Paged: ${d.name} failed`,
    detail:
      d.to.length === 0 ? 'No paging channel is set up.' : d.to.map((each: { name: string }) => each.name).join(', '),
    tone: 'ember',
    meta: d.owner ? [`${d.owner} answers for the system`] : [],
  }),
  'containment.failed': (d) => ({
    lead: 'Not obeyed everywhere',
    detail: `${d.why.replace(/\.$/, '')}${
      d.instances.length > 0
        ? `: ${d.instances
            .slice(0, 5)
            .map((each: { instance: string; why: string }) => `${each.instance} (${each.why})`)
            .join(', ')}${d.instances.length > 5 ? ` and ${d.instances.length - 5} more` : ''}`
        : ''
    }`,
    tone: 'amber',
  }),
  'containment.proven': (d) => ({
    lead: PROOF_CAME[d.proof as keyof typeof PROOF_CAME] ?? 'A proof came',
    detail: d.says,
    tone: 'moss',
  }),
  'containment.unproven': (d) => ({
    lead: PROOF_MISSING[d.proof as keyof typeof PROOF_MISSING] ?? 'A proof is missing',
    detail: [d.why, ...d.todo].join(' '),
    tone: 'ember',
    meta: d.missing
      .slice(0, 5)
      .map((each: { instance: string; host: string }) => `${each.instance}${each.host && ` on ${each.host}`}`),
  }),
  'containment.escalated': (d) => ({
    lead: d.to.length === 0 ? 'Nobody was told of the missing proof' : 'Told of the missing proof',
    detail:
      d.to.length === 0 ? 'No paging channel is set up.' : d.to.map((each: { name: string }) => each.name).join(', '),
    tone: 'ember',
    meta: d.owner ? [`${d.owner} answers for the system`] : [],
  }),
  'containment.written-off': (d, who) => ({
    lead: `${who} says that ${d.instance} is gone`,
    detail: `“${d.reason}”`,
    tone: 'amber',
    meta: [...(d.host ? [`on ${d.host}`] : []), 'no order waits for it'],
  }),
  'containment.heard-again': (d) => ({
    lead: `${d.instance} is heard again`,
    rest: 'though it was said to be gone',
    detail: 'It counts again.',
    tone: 'ember',
    meta: d.host ? [`on ${d.host}`] : [],
  }),
  'containment.contradiction-told': (d) => ({
    lead:
      d.to.length === 0
        ? `Nobody was told that ${d.instance} is heard again`
        : `Told that ${d.instance} is heard again`,
    detail:
      d.to.length === 0 ? 'No paging channel is set up.' : d.to.map((each: { name: string }) => each.name).join(', '),
    tone: 'ember',
    meta: d.owner ? [`${d.owner} answers for the system`] : [],
  }),
  'control-test.begun': (d, who) => ({
    lead: `${who} began a rehearsal`,
    rest: `of “${describeControl(d.what)}” on ${d.system}`,
    tone: 'blue',
  }),
  'control-test.ended': (d) => ({
    lead: d.outcome === 'passed' ? 'The rehearsal passed' : 'The rehearsal did not pass',
    rest: d.effectMs === null ? `on ${d.system}` : `on ${d.system}, in effect after ${span(d.effectMs)}`,
    detail: d.says,
    tone: d.outcome === 'passed' ? 'moss' : 'amber',
  }),
  'containment.extended': (d, who) => ({
    lead: `${who} extended a hold`,
    detail: `“${d.reason}” ${until(d.expiry)}`,
    tone: 'ember',
  }),
  'containment.lifted': (d, who) => ({ lead: `${who} lifted a hold`, detail: quoted(d.reason)!, tone: 'blue' }),
  'containment.expired': () => ({ lead: 'A hold ended by itself, as ordered', tone: 'blue' }),
  'containment.released': (d) => ({
    lead: d.release.percent === 0 ? 'Everybody is held again' : `A hold lets ${d.release.percent} % go`,
    ...(d.release.countries && { rest: `and ${d.release.countries.join(', ')}` }),
    detail: d.reason,
    tone: d.release.percent === 0 ? 'ember' : 'blue',
  }),
  'restoration.asked': (d, who) => ({
    lead: `${who} asked to let a hold go`,
    rest: d.plan.stages.length === 0 ? 'at once' : `in ${count(d.plan.stages.length + 1, 'step')}`,
    detail: quoted(d.reason)!,
    tone: 'blue',
    meta: [count(d.plan.conditions.length, 'condition'), count(d.plan.approvals, 'person agrees', 'people agree')],
  }),
  'restoration.met': (d, who) => ({ lead: `${who}: a condition is met`, detail: d.note, tone: 'moss' }),
  'restoration.approved': (d, who) => ({
    lead: `${who} agreed to let go`,
    ...(d.note && { detail: quoted(d.note) }),
    tone: 'moss',
  }),
  'restoration.withdrawn': (d, who) => ({
    lead: `${who} withdrew the restoration`,
    detail: quoted(d.reason)!,
    tone: 'plain',
  }),
  'restoration.halted': (d, who) => ({
    lead: 'It came back',
    rest: `halted by ${who}`,
    detail: d.reason,
    tone: 'ember',
  }),
  'restoration.held-good': () => ({ lead: 'The watch is over, and it did not come back', tone: 'moss' }),
  'candidate.promoted': (d) => ({
    lead: d.kind === 'near-miss' ? 'The candidate was filed as this near miss' : 'The candidate became this incident',
    tone: 'plain',
  }),
  'context.assembled': (d) => ({
    lead: 'The triage pack was first there',
    rest: `${span(d.afterMs)} after the beginning`,
    tone: 'plain',
    meta: [count(d.suspects, 'change'), `${d.missing} ${d.missing === 1 ? 'thing' : 'things'} unknown`],
  }),
  'bundle.exported': (_d, who) => ({ lead: `${who} exported the evidence bundle`, tone: 'plain' }),
};

/** Older ticks carry only the key of their step. */
function stepText({ step, text }: { step: string; text?: string }): string {
  return `“${text ?? EVERY_INCIDENT.find((each) => each.key === step)?.text ?? step}”`;
}

/** A fact as a sentence. One this version does not know is named by its type: nothing is left out. */
export function sayFact(fact: Recorded, names: Names): Said {
  const who = names(fact.by);
  const said = SAYERS[fact.type]?.(fact.data, who, names);
  if (!said) return { lead: fact.type, rest: `by ${who}`, meta: [], tone: 'plain' };
  return { ...said, meta: said.meta ?? [] };
}
