import { records as doors } from '@firebreak/contract/prepare/records';
import { type Asked, type Decision, isRefusal, type Refusal } from '@firebreak/core/kernel';
import {
  foldRecords,
  liftLegalHold,
  placeLegalHold,
  type RecordFact,
  type Records,
  recordStream,
  ruleRecords,
} from '@firebreak/core/prepare/records';
import { type App, act, type Caller, type Deps, route } from '../../platform/index.ts';
import { readSystem } from '../inventory/index.ts';
import { forgetRecordRules, listRecordRules } from './board.ts';

const shown = (it: Records) => ({
  ...it,
  takesOut: [...it.takesOut],
  legalHolds: it.legalHolds.map((hold) => ({ ...hold })),
});

export function routes(app: App, deps: Deps): void {
  async function change(
    system: string,
    by: Caller,
    may: 'system.edit' | 'incident.lead',
    decide: (state: Records | null, asked: Asked) => Decision<RecordFact> | Refusal,
  ) {
    const found = await readSystem(deps.db, system);
    if (isRefusal(found)) return found;
    const done = await act(deps, { stream: recordStream(system), by, may, fold: foldRecords, decide });
    if (isRefusal(done)) return done;
    forgetRecordRules(deps);
    const { at, by: who } = { at: deps.now(), by: by.actor };
    const none = { system, keptDays: null, takesOut: [], sentShare: null, reason: '', legalHolds: [] };
    return { rule: shown(done.state ?? { ...none, changedAt: at, changedBy: who }) };
  }

  route(app, doors.rules, async () => ({
    keptDays: deps.config.retentionDays,
    rules: (await listRecordRules(deps.db)).map(shown),
  }));
  route(app, doors.rule, ({ params: { system }, body, caller }) =>
    change(system, caller, 'system.edit', (state) => ruleRecords(state, { system, ...body })),
  );
  route(app, doors.hold, ({ params: { system }, body, caller }) => {
    const hold = deps.mint('lgh');
    return change(system, caller, 'incident.lead', (state) => placeLegalHold(state, { system, hold, ...body }));
  });
  route(app, doors.lift, ({ params: { system, hold }, body, caller }) =>
    change(system, caller, 'incident.lead', (state, asked) => liftLegalHold(state, { hold, ...body }, asked)),
  );
}
