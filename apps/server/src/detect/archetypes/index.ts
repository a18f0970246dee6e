import { archetypes as doors } from '@firebreak/contract/detect/archetypes';
import { suggestArchetype } from '@firebreak/core/detect/archetypes';
import { isRefusal } from '@firebreak/core/kernel';
import { route, type Slice } from '../../platform/index.ts';
import { wordsOf } from '../similar/index.ts';

/** The kind of failure, suggested from words. The model itself is the core’s. */
export const archetypes: Slice = {
  name: 'archetypes',
  routes: (app, deps) =>
    route(app, doors.suggestArchetype, async ({ query }) => {
      const asked = await wordsOf(deps.db, query);
      if (isRefusal(asked)) return asked;
      return { suggestion: suggestArchetype(asked), found: asked.found };
    }),
};
