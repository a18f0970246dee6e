import { BASE, excerpt, type Kind, objectIn } from './kind.ts';

/** Anything that takes a signed webhook (Standard Webhooks 1.0) and says what became of it, at once or later. */
export const webhook: Kind = {
  title: 'Signed webhook',
  api: 'Standard Webhooks 1.0',
  fields: [{ ...BASE, hint: 'Where the order is posted', fits: /^https?:\/\/(?![^/]*@)[^\s/?#]+([/?][^\s#]*)?$/i }],
  secret: { label: 'Signing secret', needed: true },
  patience: () => 600,
  reports: true,
  says: (settings, way) => `tell ${hostOf(settings.url!)} to ${way === 'hold' ? 'hold' : 'let go'}`,
  look: () => null,
  saw: () => ({ value: {}, says: '' }),
  stands: () => 'under-way',
  change: ({ settings, key, way, orderedAt, about, report }) => [
    {
      method: 'POST',
      url: settings.url!,
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({
        type: way === 'hold' ? 'executor.hold' : 'executor.let-go',
        timestamp: orderedAt,
        data: { id: key, ...about, report },
      }),
      signedAs: key,
    },
  ],
  rehearse: ({ settings, key, orderedAt, about: { executor } }) => ({
    method: 'POST',
    url: settings.url!,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ type: 'executor.rehearsal', timestamp: orderedAt, data: { id: key, executor } }),
    signedAs: key,
  }),
  changed(_doing, { status, body }) {
    if (status < 200 || status >= 300) return undefined;
    const said = objectIn(body);
    const words = typeof said?.says === 'string' && said.says !== '' ? excerpt(said.says) : `answered ${status}`;
    if (said?.state === 'failed') return { stands: { trouble: words, final: false }, says: words };
    const later = said?.state === 'accepted' || (status === 202 && said?.state !== 'confirmed');
    return { stands: later ? 'under-way' : 'there', says: words };
  },
};

const hostOf = (url: string): string => /^https?:\/\/([^/?#]+)/i.exec(url)?.[1] ?? url;
