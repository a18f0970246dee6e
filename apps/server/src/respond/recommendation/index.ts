import { recommendation as doors } from '@firebreak/contract/respond/recommendation';
import { route, type Slice } from '../../platform/index.ts';
import { choiceBoard } from './board.ts';
import { recommend } from './recommend.ts';

/** What to order: roll back, disable, fence, or something narrower; and what was recommended and taken before. */
export const recommendation: Slice = {
  name: 'recommendation',
  boards: [choiceBoard],
  routes(app, deps) {
    route(app, doors.show, ({ body, caller }) => recommend(deps, caller, body));
  },
};
