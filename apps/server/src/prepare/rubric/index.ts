import { rubric as doors } from '@firebreak/contract/prepare/rubric';
import { suggestSeverity } from '@firebreak/core/prepare/rubric';
import { route, type Slice } from '../../platform/index.ts';

/** Severity from answers. The table itself is the core’s. */
export const rubric: Slice = {
  name: 'rubric',
  routes: (app) =>
    route(app, doors.suggest, async ({ body }) => {
      const call = suggestSeverity(body.axes);
      return {
        ...call,
        rules: [...call.rules],
        reasons: [...call.reasons],
        unknown: [...call.unknown],
        couldBe: [...call.couldBe],
      };
    }),
};
