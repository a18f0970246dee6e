import { type Transmitter, transmitters } from '@firebreak/contract/respond/transmitters';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { useNames } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows, Section } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Choice, Input, TextArea } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';

const REFRESHES = ['/api/v1/transmitters', '/api/v1/heard-events'];

/** Who may tell of agents that were revoked elsewhere, and what came of it. For administrators. */
export function Transmitters() {
  const list = useAsk(transmitters.list, {}, { every: 15_000 });
  const nameOf = useNames();
  const [open, setOpen] = useState<'new' | Transmitter | null>(null);
  return (
    <>
      <Section
        title="Who tells of revoked agents"
        aside={
          <Button size="sm" onClick={() => setOpen('new')}>
            Believe a transmitter
          </Button>
        }
      >
        <Shown of={list}>
          {({ transmitters: all }) =>
            all.length === 0 ? (
              <Empty title="Nobody is believed">
                An identity provider can tell by Security Event Tokens (CAEP) that an agent was revoked: its living
                tokens end at once. Nothing that is told this way gives anything back.
              </Empty>
            ) : (
              <Rows label="Transmitters">
                {all.map((each) => (
                  <li key={each.id} className="flex flex-wrap items-start gap-x-3 gap-y-1.5 px-4 py-3">
                    <div className="min-w-0 flex-1 basis-52">
                      <p className={each.ended ? 'text-ink-3 line-through' : 'font-[600]'}>{each.name}</p>
                      <p className="break-all font-mono text-xs text-ink-2">{each.endpoint}</p>
                      <p className="break-words text-xs text-ink-3">
                        {each.issuer} · for {each.audience} ·{' '}
                        {each.keysUrl === null ? 'keys were pasted' : `keys at ${each.keysUrl}`} ·{' '}
                        {each.systems.length === 0 ? 'agents of every system' : `agents of ${each.systems.join(', ')}`}{' '}
                        · made by {nameOf(each.madeBy)} <Ago at={each.madeAt} />
                      </p>
                      <p className="text-xs text-ink-2">
                        {each.lastAt === null ? (
                          'nothing heard yet'
                        ) : (
                          <>
                            last heard <Ago at={each.lastAt} />; {countOf(each.revoked)} ended
                          </>
                        )}
                      </p>
                      {each.refused && each.ended === null && (
                        <p className="break-words text-xs text-amber">
                          refused <Ago at={each.refused.at} />: {each.refused.description}
                        </p>
                      )}
                      {each.ended && (
                        <p className="text-xs text-amber">
                          ended <Ago at={each.ended.at} />: {each.ended.reason}
                        </p>
                      )}
                    </div>
                    {each.ended === null && (
                      <Button size="sm" look="danger" onClick={() => setOpen(each)} aria-label={`End ${each.name}`}>
                        End …
                      </Button>
                    )}
                  </li>
                ))}
              </Rows>
            )
          }
        </Shown>
      </Section>
      {(list.data?.transmitters.length ?? 0) > 0 && <Heard of={list.data!.transmitters} />}
      {open === 'new' && <Make onClose={() => setOpen(null)} />}
      {open !== null && open !== 'new' && <End transmitter={open} onClose={() => setOpen(null)} />}
    </>
  );
}

const countOf = (tokens: number): string => (tokens === 1 ? 'one token' : `${tokens} tokens`);

function Heard({ of }: { of: readonly Transmitter[] }) {
  const list = useAsk(transmitters.heard, { query: { limit: '20' } }, { every: 5_000 });
  return (
    <Section title="What they told">
      <Shown of={list}>
        {({ events }) =>
          events.length === 0 ? (
            <Empty title="Nothing was told yet">A test of the transmitter shows here too.</Empty>
          ) : (
            <Rows label="Events heard">
              {events.map((each) => (
                <li
                  key={`${each.transmitter} ${each.token} ${each.type}`}
                  className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2"
                >
                  <div className="min-w-0 flex-1 basis-52">
                    <p className="break-words">
                      <span className="font-mono text-xs">{each.type}</span>
                      {each.subject !== '' && ` about ${each.subject}`}
                    </p>
                    <p className="break-words text-xs text-ink-3">
                      {of.find(({ id }) => id === each.transmitter)?.name ?? each.transmitter} · <Ago at={each.at} />
                      {each.why !== '' && ` · ${each.why}`}
                    </p>
                  </div>
                  <Flag tone={each.revoked > 0 ? 'moss' : 'plain'}>
                    {each.revoked > 0 ? `${countOf(each.revoked)} ended` : 'did nothing'}
                  </Flag>
                </li>
              ))}
            </Rows>
          )
        }
      </Shown>
    </Section>
  );
}

function Make({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [issuer, setIssuer] = useState('');
  const [audience, setAudience] = useState('');
  const [from, setFrom] = useState<'url' | 'set'>('url');
  const [keysUrl, setKeysUrl] = useState('');
  const [keys, setKeys] = useState('');
  const [systems, setSystems] = useState('');
  const [unread, setUnread] = useState(false);
  const make = useAct(transmitters.make, { refreshes: REFRESHES, done: onClose });
  const told = make.error ? tell(make.error) : null;
  const submit = () => {
    let set: unknown;
    if (from === 'set')
      try {
        set = JSON.parse(keys);
      } catch {
        setUnread(true);
        return;
      }
    setUnread(false);
    make.mutate({
      body: {
        name,
        issuer,
        audience,
        ...(from === 'url' ? { keysUrl } : { keys: set }),
        systems: systems
          .split(',')
          .map((each) => each.trim())
          .filter((each) => each !== ''),
      },
    });
  };
  return (
    <Dialog
      title="Believe a transmitter"
      about="What it signs can end tokens of agents, and nothing else. The address it pushes to is shown afterwards."
      onClose={onClose}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={make.isPending}>
            Begin
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Input
          label="Name"
          value={name}
          onText={setName}
          required
          placeholder="Our identity provider"
          error={told?.fields.name}
        />
        <Input
          label="Issuer"
          hint="iss of its tokens, letter by letter"
          value={issuer}
          onText={setIssuer}
          required
          placeholder="https://idp.example.com"
          error={told?.fields.issuer}
        />
        <Input
          label="Whom its tokens are for"
          hint="aud, as the stream over there names this Firebreak"
          value={audience}
          onText={setAudience}
          required
          placeholder="https://firebreak.example.com"
          error={told?.fields.audience}
        />
        <Choice
          legend="Its public keys"
          name="keys"
          columns={2}
          value={from}
          onPick={setFrom}
          options={[
            { value: 'url', label: 'At an address', hint: 'jwks_uri: new keys are found by themselves.' },
            { value: 'set', label: 'Pasted', hint: 'For a transmitter that cannot be reached from here.' },
          ]}
        />
        {from === 'url' ? (
          <Input
            label="Address of its keys"
            value={keysUrl}
            onText={setKeysUrl}
            required
            inputMode="url"
            placeholder="https://idp.example.com/jwks"
            error={told?.fields.keysUrl}
          />
        ) : (
          <TextArea
            label="JWK set"
            hint='{"keys": [ … ]}, public keys alone; RS256 or ES256'
            value={keys}
            onText={(text) => {
              setKeys(text);
              setUnread(false);
            }}
            required
            spellCheck={false}
            error={unread ? 'This is no JSON. Paste it whole.' : told?.fields.keys}
          />
        )}
        <Input
          label="Only agents of these systems"
          optional
          hint="Keys with commas between them; every system unless said"
          value={systems}
          onText={setSystems}
          error={told?.fields.systems}
        />
        {make.error && <Trouble error={make.error} />}
      </div>
    </Dialog>
  );
}

function End({ transmitter, onClose }: { transmitter: Transmitter; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const end = useAct(transmitters.end, { refreshes: REFRESHES, done: onClose });
  return (
    <Dialog
      title={`Believe “${transmitter.name}” no more?`}
      about="What it pushes is refused from now on. What ended by it stays ended."
      onClose={onClose}
      width="narrow"
      onSubmit={() => end.mutate({ params: { transmitter: transmitter.id }, body: { reason } })}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button type="submit" look="strong" busy={end.isPending} disabled={reason.trim() === ''}>
            End it
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        <Input label="Why" value={reason} onText={setReason} required />
        {end.error && <Trouble error={end.error} />}
      </div>
    </Dialog>
  );
}
