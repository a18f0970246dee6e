import { type ApiKey, people } from '@firebreak/contract/prepare/people';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { useNames } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows, Section } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import { KEYS, NewKey } from './NewKey.tsx';
import { SCOPE_WORDS } from './roles.ts';

export function Keys() {
  const list = useAsk(people.keys, {});
  const nameOf = useNames();
  const [open, setOpen] = useState<'new' | ApiKey | null>(null);
  return (
    <Section
      title="API keys"
      aside={
        <Button size="sm" onClick={() => setOpen('new')}>
          <KeyRound size={14} aria-hidden="true" />
          New key
        </Button>
      }
    >
      <Shown of={list}>
        {({ keys }) =>
          keys.length === 0 ? (
            <Empty title="No program may talk to Firebreak yet">
              A guard needs a key with the scope <b>guard</b>, telemetry one with <b>telemetry:write</b>, a test
              pipeline one with <b>gate</b>. Each key is shown once.
            </Empty>
          ) : (
            <Rows label="API keys">
              {keys.map((key) => (
                <li key={key.id} className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-3">
                  <div className="min-w-0 flex-1 basis-48">
                    <p className={key.revoked ? 'text-ink-3 line-through' : 'font-[600]'}>{key.name}</p>
                    <p className="text-xs text-ink-3">
                      made by {nameOf(key.createdBy)} <Ago at={key.createdAt} /> ·{' '}
                      {key.lastUsedAt ? (
                        <>
                          last used <Ago at={key.lastUsedAt} />
                        </>
                      ) : (
                        'never used'
                      )}
                    </p>
                    {key.page && (
                      <p className="text-xs [overflow-wrap:anywhere] text-ink-3">
                        on {key.page.origins.includes('*') ? 'any web page' : key.page.origins.join(', ')} · reads{' '}
                        {key.page.systems.join(', ')}
                      </p>
                    )}
                  </div>
                  <div className="flex flex-wrap gap-1.5">
                    {key.revoked && <Flag tone="amber">revoked</Flag>}
                    {key.page && <Flag title="It stands in web pages, where everybody can read it.">public</Flag>}
                    {key.scopes.map((scope) => (
                      <Flag key={scope} title={SCOPE_WORDS[scope]}>
                        {scope}
                      </Flag>
                    ))}
                  </div>
                  {!key.revoked && (
                    <Button size="sm" look="danger" onClick={() => setOpen(key)} aria-label={`Revoke ${key.name}`}>
                      Revoke
                    </Button>
                  )}
                </li>
              ))}
            </Rows>
          )
        }
      </Shown>
      {open === 'new' && <NewKey onClose={() => setOpen(null)} />}
      {open !== null && open !== 'new' && <Revoke apiKey={open} onClose={() => setOpen(null)} />}
    </Section>
  );
}

function Revoke({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const revoke = useAct(people.revokeKey, { refreshes: KEYS, done: onClose });
  return (
    <Dialog
      title={`Revoke “${apiKey.name}”?`}
      about={
        apiKey.page
          ? 'At once and for ever. Pages with this key go on showing what they last heard, but hear nothing new.'
          : 'At once and for ever. Guards with this key keep enforcing what they last heard, but hear nothing new.'
      }
      onClose={onClose}
      width="narrow"
      onSubmit={() => revoke.mutate({ params: { key: apiKey.id }, body: { reason } })}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button type="submit" look="brake" busy={revoke.isPending}>
            Revoke
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        <Input
          label="Reason"
          value={reason}
          onText={setReason}
          required
          error={revoke.error ? tell(revoke.error).fields.reason : undefined}
        />
        {revoke.error && <Trouble error={revoke.error} />}
      </div>
    </Dialog>
  );
}
