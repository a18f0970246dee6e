import type { Dialect } from './dialect.ts';
import { passages, structure, word } from './dialect.ts';

/** Our own few names, for what no convention has a name for yet. */
export const firebreak: Dialect = {
  name: 'firebreak',
  speaks: (span) => [...span.attributes.keys()].some((key) => key.startsWith('firebreak.')),
  read: ({ attributes }) => ({
    feature: word(attributes, 'firebreak.feature'),
    prompt: word(attributes, 'firebreak.prompt.version'),
    subject: word(attributes, 'firebreak.subject'),
    session: word(attributes, 'firebreak.session'),
    retrieved: passages(structure(attributes.get('firebreak.retrieved'))),
  }),
};
