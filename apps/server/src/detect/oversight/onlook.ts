import type { Answering } from '@firebreak/contract/detect/oversight';
import {
  type AgreementTerms,
  breachesOf,
  changedUndeclared,
  NO_TERMS,
  reviewOf,
  suppliedOtherwise,
} from '@firebreak/core/detect/oversight';
import { type Interaction, markOf } from '@firebreak/core/detect/signals';
import { addMs, type Instant, isRefusal } from '@firebreak/core/kernel';
import { timeLineOf } from '@firebreak/core/prepare/inventory';
import type { Deps, Sql } from '../../platform/index.ts';
import { modelsDeployed, readSystem } from '../../prepare/inventory/index.ts';
import { type Onlooker, type Raised, storeSignals } from '../signals/index.ts';
import { agreementsHeld } from './board.ts';

const FRESH_MS = 5_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MOST_PENDING = 20_000;

interface Known {
  readonly terms: ReadonlyMap<string, AgreementTerms>;
  readonly deployed: ReadonlyMap<string, readonly string[]>;
  readonly at: number;
}
const known = new WeakMap<Deps, Known>();

/** Terms and deployed models, read again every few seconds: interactions come in by thousands. */
async function knownOf(deps: Deps, sql: Sql): Promise<Known> {
  const held = known.get(deps);
  if (held !== undefined && Date.parse(deps.now()) - held.at < FRESH_MS) return held;
  const read: Known = {
    terms: await agreementsHeld(sql),
    deployed: await modelsDeployed(sql),
    at: Date.parse(deps.now()),
  };
  known.set(deps, read);
  return read;
}

/** What was agreed or deployed has changed: the next interaction is held against it. */
export const forgetKnown = (deps: Deps): void => void known.delete(deps);

export const breachSignal = (
  it: Pick<Raised, 'system' | 'at'> & Partial<Raised>,
  kind: string,
  rule: string,
  text: string,
  dedupKey: string,
): Raised => ({
  channel: 'telemetry',
  detector: 'oversight',
  evidenceClass: 'strong',
  score: null,
  feature: null,
  deployment: null,
  versions: { model: null, modelAsked: null, prompt: null, index: null, tools: null },
  subjectHash: null,
  archetype: 'control-failure',
  severityHint: null,
  quotes: [],
  interaction: null,
  ...it,
  kind,
  rule,
  text: text.slice(0, 2_000),
  dedupKey,
});

function breachesRaised(it: Interaction, terms: AgreementTerms, deployed: readonly string[]): Raised[] {
  const mark = markOf(it.givenId);
  const about = {
    ...(mark !== undefined && { mark }),
    system: it.system,
    at: it.at,
    feature: it.feature,
    deployment: it.deployment,
    versions: it.versions,
    interaction: it.id,
  };
  return breachesOf(it, terms, deployed).map((breach) =>
    breach.kind === 'unapproved-model'
      ? breachSignal(
          { ...about, evidenceClass: breach.listed ? 'verified' : 'weak' },
          'unapproved-model',
          breach.listed ? 'model not among those agreed' : 'model of no deployment',
          `${it.system} answered with the model ${breach.model}, which ${breach.listed ? 'is not among those agreed for it' : 'none of its deployments names'}. Told once for each model.`,
          `oversight|model|${it.system}|${breach.model}|${breach.listed}`,
        )
      : breachSignal(
          about,
          'logging-missing',
          'content has to be captured',
          `An interaction of ${it.system} came without its answer, which has to be captured. Told once a day.`,
          `oversight|content|${it.system}|${it.receivedAt.slice(0, 10)}`,
        ),
  );
}

/** What is counted of a name: which model answered to it, which provider served it, in which build, and which tools a feature offers. */
type Counted = Answering['kind'];
/** Further answers to one name are not counted: they would be a number that is made for every request. */
const MOST_ANSWERS = 100;

/** Whether somebody declared a change of a system within the day before; what telemetry alone showed is no declaration. */
async function isDeclared(tx: Sql, system: string, at: Instant): Promise<boolean> {
  const held = await readSystem(tx, system);
  if (isRefusal(held)) return false;
  const from = addMs(at, -DAY_MS);
  return timeLineOf(held).some(
    ({ occurredAt, source }) => source !== 'telemetry' && occurredAt >= from && occurredAt <= addMs(at, HOUR_MS),
  );
}

/** Counts what answered to which name, and tells where that is another one than before. */
async function countAnswered(tx: Sql, deps: Deps, interactions: readonly Interaction[]): Promise<Raised[]> {
  const counts = new Map<
    string,
    { kind: Counted; system: string; asked: string; answered: string; count: number; first: Interaction }
  >();
  const count = (kind: Counted, it: Interaction, asked: string | null, answered: string | null): void => {
    if (asked === null || answered === null) return;
    const key = `${kind}\n${it.system}\n${asked}\n${answered}`;
    const held = counts.get(key);
    if (held) held.count++;
    else
      counts.set(key, {
        kind,
        system: it.system,
        asked: asked.slice(0, 128),
        answered: answered.slice(0, 128),
        count: 1,
        first: it,
      });
  };
  for (const it of interactions) {
    const { model, modelAsked, fingerprint, toolsDigest } = it.versions;
    count('model', it, modelAsked, model);
    count('provider', it, modelAsked ?? model, it.provider?.toLowerCase() ?? null);
    if (fingerprint !== undefined) count('build', it, model ?? modelAsked, fingerprint);
    if (toolsDigest !== undefined) {
      const who = it.feature ?? it.agent ?? it.system;
      // Each MCP server has a list of its own: those of two that one agent calls are no change.
      const of = it.provider?.startsWith(MCP) ? `${it.provider} ${who}` : who;
      count('tools', it, it.versions.tools === null ? of : `${of} ${it.versions.tools}`, toolsDigest);
    }
  }
  if (counts.size === 0) return [];
  const rows = [...counts.values()]
    .sort((a, b) =>
      `${a.system}${a.kind}${a.asked}${a.answered}` < `${b.system}${b.kind}${b.asked}${b.answered}` ? -1 : 1,
    )
    .slice(0, 200);
  const seen = await tx.query<{
    kind: Counted;
    system: string;
    asked: string;
    answered: string;
    count: string;
    at: Instant;
  }>(
    `select a.kind, a.system, a.asked, a.answered, a.count, a.first_at as at from oversight_answered a
     join (select distinct system, kind, asked from jsonb_to_recordset($1::jsonb) as r(system text, kind text, asked text)) w
       on w.system = a.system and w.kind = a.kind and w.asked = a.asked
     order by a.count desc limit 2000`,
    [JSON.stringify(rows)],
  );
  const before = new Map<string, { answered: string; count: number; firstAt: Instant }[]>();
  const nameOf = (row: { kind: Counted; system: string; asked: string }) => `${row.kind}\n${row.system}\n${row.asked}`;
  for (const row of seen.rows) {
    const held = before.get(nameOf(row)) ?? [];
    before.set(nameOf(row), [...held, { answered: row.answered, count: Number(row.count), firstAt: row.at }]);
  }
  const counted = rows.filter((row) => {
    const held = before.get(nameOf(row)) ?? [];
    return held.length < MOST_ANSWERS || held.some(({ answered }) => answered === row.answered);
  });
  await tx.query(
    `insert into oversight_answered (system, kind, asked, answered, count, first_at, last_at)
     select system, kind, asked, answered, count, $2, $2
     from jsonb_to_recordset($1::jsonb) as r(system text, kind text, asked text, answered text, count int)
     on conflict (system, kind, asked, answered) do update set count = oversight_answered.count + excluded.count, last_at = excluded.last_at`,
    [JSON.stringify(counted.map(({ first: _, ...row }) => row)), deps.now()],
  );
  const raised: Raised[] = [];
  for (const row of counted) {
    const held = before.get(nameOf(row)) ?? [];
    const { kind, system, asked, answered, first } = row;
    const about = { system, at: first.at, feature: first.feature, versions: first.versions, interaction: first.id };
    if (kind === 'build' || kind === 'tools') {
      const usual = changedUndeclared(asked, answered, held, deps.now());
      if (usual !== null && !(await isDeclared(tx, system, first.receivedAt)))
        raised.push(
          kind === 'build' ? newBuild(about, asked, usual, answered) : newTools(about, asked, usual, answered),
        );
      continue;
    }
    const usual = suppliedOtherwise(asked, answered, held);
    if (usual === null) continue;
    raised.push(
      kind === 'provider'
        ? breachSignal(
            { ...about, evidenceClass: 'weak', archetype: null },
            'supplier-route-changed',
            'the same model, served by another',
            `“${asked}” was served by ${usual} and is served by ${answered} now. Told once; where nobody at ${system} meant it, requests go where they were not meant to.`,
            `oversight|served|${system}|${asked}|${answered}`,
          )
        : breachSignal(
            { ...about, archetype: 'quality-drift' },
            'supplier-model-changed',
            'the same name, another model',
            `“${asked}” was answered by ${usual} and is answered by ${answered} now. The supplier changed what the name stands for; golden sets and probes of ${system} say whether it matters.`,
            `oversight|answered|${system}|${asked}|${answered}`,
          ),
    );
  }
  return raised;
}

type AboutFirst = Pick<Raised, 'system' | 'at' | 'feature' | 'versions' | 'interaction'>;

const newBuild = (about: AboutFirst, model: string, usual: string, build: string): Raised =>
  breachSignal(
    { ...about, evidenceClass: 'weak', archetype: 'quality-drift' },
    'supplier-fingerprint-changed',
    'the same model, another build',
    `“${model}” was answered by the build ${usual} and is answered by ${build} now. Told once; no change of ${about.system} was declared in the day before.`,
    `oversight|build|${about.system}|${model}|${build}`,
  );

/** How the proxy names the MCP server of a call, as its provider. */
const MCP = 'mcp:';
const offererOf = (of: string): string => {
  const [server = '', ...who] = of.split(' ');
  return server.startsWith(MCP)
    ? `The MCP server “${server.slice(MCP.length)}” offered “${who.join(' ')}”`
    : `“${of}” offered the model`;
};

const newTools = (about: AboutFirst, of: string, usual: string, tools: string): Raised =>
  breachSignal(
    { ...about, evidenceClass: 'weak', archetype: of.startsWith(MCP) ? 'integration-compromise' : null },
    'tools-changed',
    'other definitions of tools',
    `${offererOf(of)} the tools ${usual.slice(0, 12)} and offers ${tools.slice(0, 12)} now: a tool came, went, or is described in other words. Told once; no change of ${about.system} was declared in the day before.`,
    `oversight|tools|${about.system}|${of}|${tools}`,
  );

/** Notes what a person has to look at, until when. Beyond so many that wait, the rest is counted as waiting nowhere and told. */
async function notePending(
  tx: Sql,
  deps: Deps,
  fresh: readonly Interaction[],
  terms: Known['terms'],
): Promise<Raised[]> {
  const pending = fresh.flatMap((it) => {
    const within = reviewOf(terms.get(it.system) ?? NO_TERMS, it);
    return within === null
      ? []
      : [
          {
            interaction: it.id,
            system: it.system,
            feature: it.feature,
            due: addMs(it.receivedAt, within * 60_000),
            given: it.givenId,
            trace: it.traceId,
          },
        ];
  });
  if (pending.length === 0) return [];
  const { rows } = await tx.query<{ n: number }>(
    'select count(*)::int as n from oversight_pending where reviewed_at is null and not told',
  );
  const room = Math.max(0, MOST_PENDING - rows[0]!.n);
  await tx.query(
    `insert into oversight_pending (interaction, system, feature, due_at, given_id, trace_id)
     select interaction, system, feature, due, given, trace from jsonb_to_recordset($1::jsonb)
       as r(interaction text, system text, feature text, due text, given text, trace text) on conflict (interaction) do nothing`,
    [JSON.stringify(pending.slice(0, room))],
  );
  if (pending.length <= room) return [];
  const { system, feature } = pending[room]!;
  return [
    breachSignal(
      { system, at: deps.now(), feature },
      'review-bypassed',
      'more wait than are followed',
      `More than ${MOST_PENDING} answers wait for a person; further ones, of ${system} among them, are not followed. Nobody can look at so many.`,
      `oversight|pending|${system}|${deps.now().slice(0, 13)}`,
    ),
  ];
}

/** Holds every interaction against what was agreed, in the transaction that says it was looked at. */
export const overlook: Onlooker = async (tx, deps, interactions, seen) => {
  if (interactions.length === 0) return;
  const { terms, deployed } = await knownOf(deps, tx);
  const fresh = seen.interactions.filter(({ news }) => news === null).map(({ data }) => data);
  // What was made on purpose is no traffic that answers to a name.
  const real = fresh.filter(({ givenId }) => markOf(givenId) === undefined);
  const raised = fresh.flatMap((it) =>
    breachesRaised(it, terms.get(it.system) ?? NO_TERMS, deployed.get(it.system) ?? []),
  );
  const more = [...(await countAnswered(tx, deps, real)), ...(await notePending(tx, deps, fresh, terms))];
  await storeSignals(tx, deps, [...new Map([...raised, ...more].map((it) => [it.dedupKey, it])).values()]);
};
