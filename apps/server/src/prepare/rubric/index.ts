import { rubric as doors, type SeverityTable as Given } from '@firebreak/contract/prepare/rubric';
import { isRefusal, refuse } from '@firebreak/core/kernel';
import {
  type AdoptedTable,
  acceptTable,
  adoptTable,
  faultsOf,
  foldRubric,
  RUBRIC_STREAM,
  type SeverityTable,
  suggestSeverity,
  VOICE_NOTE,
} from '@firebreak/core/prepare/rubric';
import { act, loadStream, route, type Slice, type Sql } from '../../platform/index.ts';

/** The severity table in force. */
export async function currentRubric(sql: Sql): Promise<AdoptedTable> {
  return foldRubric(await loadStream(sql, RUBRIC_STREAM)).at(-1)!;
}

const shown = ({ table, ...rest }: AdoptedTable) => ({ ...rest, table: structuredClone(table) as Given });

/** What counts as an incident, how grave it is, and why: one table as data, with versions. */
export const rubric: Slice = {
  name: 'rubric',
  routes: (app, deps) => {
    route(app, doors.current, async () => {
      const versions = foldRubric(await loadStream(deps.db, RUBRIC_STREAM));
      return {
        current: shown(versions.at(-1)!),
        versions: versions.map(({ version, reason, at, by }) => ({ version, reason, at, by })),
        voiceNote: VOICE_NOTE,
      };
    });
    route(app, doors.version, async ({ params }) => {
      const found = foldRubric(await loadStream(deps.db, RUBRIC_STREAM)).find((it) => it.version === params.version);
      return found
        ? shown(found)
        : refuse('rubric.unknown-version', `There is no version ${params.version} of the severity table.`);
    });
    route(app, doors.check, async ({ body }) => ({ faults: faultsOf(body.table as SeverityTable) }));
    route(app, doors.adopt, async ({ body, caller }) => {
      const done = await act(deps, {
        stream: RUBRIC_STREAM,
        by: caller,
        may: 'rubric.adopt',
        fold: foldRubric,
        decide: (versions) => adoptTable(versions, { ...body, table: body.table as SeverityTable }),
      });
      return isRefusal(done) ? done : { current: shown(done.state.at(-1)!) };
    });
    route(app, doors.accept, async ({ body, caller }) => {
      const done = await act(deps, {
        stream: RUBRIC_STREAM,
        by: caller,
        may: 'rubric.adopt',
        fold: foldRubric,
        decide: (versions) => acceptTable(versions, body),
      });
      return isRefusal(done) ? done : { current: shown(done.state.at(-1)!) };
    });
    route(app, doors.suggest, async ({ body }) => {
      const { table } = await currentRubric(deps.db);
      const call = suggestSeverity(
        body.axes,
        { ...(body.voice && { voice: body.voice }), ...(body.legal && { legal: body.legal }) },
        table,
      );
      return {
        ...call,
        rules: [...call.rules],
        reasons: [...call.reasons],
        unknown: [...call.unknown],
        couldBe: [...call.couldBe],
      };
    });
  },
};
