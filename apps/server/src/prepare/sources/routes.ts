import { sources as doors, type SourceRow } from '@firebreak/contract/prepare/sources';
import { isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import {
  addSource,
  describeSource,
  endSource,
  foldSource,
  mapSource,
  renewSource,
  type Source,
  signSource,
} from '@firebreak/core/prepare/sources';
import { type App, act, actWithin, announce, type Caller, type Deps, route } from '../../platform/index.ts';
import { readSystem } from '../inventory/index.ts';
import { findSource, listSources, sourcesInUse } from './board.ts';
import { deliveriesOf, type Heard, heardOf } from './deliveries.ts';
import { mappingFault } from './mapping.ts';
import { hashOfKey, keepSecret, newIntakeKey } from './secrets.ts';

const NEVER: Heard = { lastAt: null, accepted: 0, ignored: 0, refused: 0 };

function addressOf(deps: Deps, { id, product }: Source): string {
  const base = deps.config.publicUrl;
  if (product === 'pagerduty') return `${base}/intake/pagerduty/v2/enqueue`;
  return product === 'custom' ? `${base}/intake/hook/${id}` : `${base}/intake/${product}?source=${id}`;
}

const shown = (deps: Deps, { hash: _, ...source }: Source, heard: Heard | undefined): SourceRow => ({
  ...source,
  pages: source.pages ?? false,
  ...(heard ?? NEVER),
  address: addressOf(deps, { ...source, hash: '' }),
});

const unknown = (id: string): Refusal =>
  refuse('source.unknown', `There is no source “${id}”. List the sources to see the ones there are.`);

async function systemFault(deps: Deps, system: string | null): Promise<Refusal | null> {
  if (system === null) return null;
  const found = await readSystem(deps.db, system);
  return isRefusal(found) ? { ...found, pointer: '/system' } : null;
}

async function badMapping(mapping: string): Promise<Refusal | null> {
  const fault = await mappingFault(mapping);
  return fault === null ? null : refuse('source.bad-mapping', `The mapping cannot be read: ${fault}.`, '/mapping');
}

export function routes(app: App, deps: Deps): void {
  const one = async (source: Source) => ({ source: shown(deps, source, (await heardOf(deps.db)).get(source.id)) });
  type Decide = (state: Source | null) => ReturnType<typeof describeSource>;
  const change = async (source: string, by: Caller, decide: Decide) => {
    const done = await act(deps, { stream: source, by, may: 'system.edit', fold: foldSource, decide });
    return isRefusal(done) ? done : one(done.state!);
  };

  route(app, doors.list, async () => {
    const heard = await heardOf(deps.db);
    return { sources: (await listSources(deps.db)).map((source) => shown(deps, source, heard.get(source.id))) };
  });
  route(app, doors.show, async ({ params }) => {
    const source = await findSource(deps.db, params.source);
    if (source === null) return unknown(params.source);
    const deliveries = await deliveriesOf(deps.db, source.id);
    return { ...(await one(source)), deliveries: deliveries.map((each) => ({ ...each, signals: [...each.signals] })) };
  });
  route(app, doors.add, async ({ body, caller }) => {
    const { signingSecret, mapping, ...said } = body;
    const fault = (await systemFault(deps, said.system)) ?? (await badMapping(mapping));
    if (fault !== null) return fault;
    const source = deps.mint('src');
    const key = newIntakeKey(deps);
    const done = await deps.db.transaction(async (tx) => {
      const added = await actWithin(tx, deps, {
        stream: source,
        by: caller,
        may: 'system.edit',
        fold: foldSource,
        given: sourcesInUse,
        decide: (state, _asked, others) =>
          addSource(
            state,
            { source, hash: hashOfKey(key), signed: signingSecret !== undefined, mapping, ...said },
            others,
          ),
      });
      if (!isRefusal(added) && signingSecret !== undefined) await keepSecret(tx, deps, source, signingSecret);
      return added;
    });
    if (isRefusal(done)) return done;
    await announce(deps, done.facts);
    return { ...(await one(done.state!)), key };
  });
  route(app, doors.describe, async ({ params, body, caller }) => {
    const fault = await systemFault(deps, body.system);
    return fault ?? change(params.source, caller, (state) => describeSource(state, body));
  });
  route(app, doors.renew, async ({ params, caller }) => {
    const key = newIntakeKey(deps);
    const done = await change(params.source, caller, (state) => renewSource(state, { hash: hashOfKey(key) }));
    return isRefusal(done) ? done : { ...done, key };
  });
  route(app, doors.sign, async ({ params, body, caller }) => {
    const done = await deps.db.transaction(async (tx) => {
      const signed = await actWithin(tx, deps, {
        stream: params.source,
        by: caller,
        may: 'system.edit',
        fold: foldSource,
        decide: (state) => signSource(state, { signed: body.signingSecret !== null }),
      });
      if (!isRefusal(signed)) await keepSecret(tx, deps, params.source, body.signingSecret);
      return signed;
    });
    if (isRefusal(done)) return done;
    await announce(deps, done.facts);
    return one(done.state!);
  });
  route(app, doors.map, async ({ params, body, caller }) => {
    const fault = await badMapping(body.mapping);
    return fault ?? change(params.source, caller, (state) => mapSource(state, body));
  });
  route(app, doors.end, async ({ params, body, caller }) => {
    const done = await change(params.source, caller, (state) => endSource(state, body));
    if (!isRefusal(done)) await deps.db.query('delete from source_secret where source = $1', [params.source]);
    return done;
  });
}
