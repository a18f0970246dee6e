import { TEXT_LIMIT } from '@firebreak/core/detect/protected-texts';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { At, id, Key } from '../shapes.ts';

export const ProtectedText = z
  .object({
    id: id('ptx'),
    system: z.string(),
    name: z.string(),
    prints: z.int().describe('digests of stretches of 25 words; the words are not kept'),
    keptAt: At,
  })
  .meta({ id: 'ProtectedText' });
export type ProtectedText = z.output<typeof ProtectedText>;

const tag = 'Protected texts';
export const protectedTexts = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/protected-texts',
    tag,
    summary: 'Texts that must not come out word by word, by system',
    may: 'read',
    query: z.object({ system: Key.optional() }),
    answer: z.object({ items: z.array(ProtectedText) }),
  }),
  keep: endpoint({
    method: 'POST',
    path: '/api/v1/protected-texts',
    tag,
    summary: 'Hold answers of a system against a text; only digests of it are kept',
    may: 'system.edit',
    body: z.object({
      system: Key,
      name: z.string().trim().min(1).max(120),
      text: z.string().min(1).max(TEXT_LIMIT).describe('about 80 words at least; longer texts in parts'),
    }),
    answer: ProtectedText,
    status: 201,
    bodyLimit: 4 * TEXT_LIMIT + 10_000,
    refusals: ['system.unknown', 'protected-text.too-many', 'protected-text.too-short'],
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/api/v1/protected-texts/:text',
    tag,
    summary: 'Hold answers against it no more',
    may: 'system.edit',
    params: z.object({ text: id('ptx') }),
    answer: z.object({}),
    refusals: ['protected-text.unknown'],
  }),
};
