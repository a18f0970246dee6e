import { type Delivery, links, type Subscription } from '@firebreak/contract/respond/links';
import { SET_EVENTS, TOLD_EVENTS } from '@firebreak/core/respond/links';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { useNames } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Once } from '../../prepare/people/index.ts';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows, Section } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Choice, Input } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import { EVENT_WORDS } from './words.ts';

const REFRESHES = ['/api/v1/subscriptions', '/api/v1/deliveries'];

/** Other tools that are told what happens, and whether what was sent arrived. For administrators. */
export function Subscriptions() {
  const list = useAsk(links.subscriptions, {}, { every: 15_000 });
  const nameOf = useNames();
  const [open, setOpen] = useState<'new' | Subscription | null>(null);
  const verify = useAct(links.verify, { refreshes: REFRESHES });
  return (
    <>
      <Section
        title="Other tools that are told"
        aside={
          <Button size="sm" onClick={() => setOpen('new')}>
            Tell another tool
          </Button>
        }
      >
        <Shown of={list}>
          {({ subscriptions }) =>
            subscriptions.length === 0 ? (
              <Empty title="No other tool is told">
                A ticketing, paging or chat tool can hear of every incident by a signed webhook, and write back with an
                API key. An identity provider can hear of revoked agents by Security Event Tokens.
              </Empty>
            ) : (
              <Rows label="Subscriptions">
                {subscriptions.map((each) => (
                  <li key={each.id} className="flex flex-wrap items-start gap-x-3 gap-y-1.5 px-4 py-3">
                    <div className="min-w-0 flex-1 basis-52">
                      <p className={each.ended ? 'text-ink-3 line-through' : 'font-[600]'}>{each.name}</p>
                      <p className="truncate font-mono text-xs text-ink-2">{each.url}</p>
                      <p className="text-xs text-ink-3">
                        {each.as === 'set' && `Security Event Tokens for ${each.audience} · `}
                        {each.events.length === TOLD_EVENTS.length
                          ? 'everything'
                          : each.events.map((event) => EVENT_WORDS[event].toLowerCase()).join(', ')}{' '}
                        · made by {nameOf(each.madeBy)} <Ago at={each.madeAt} />
                      </p>
                      {each.ended && (
                        <p className="text-xs text-amber">
                          ended <Ago at={each.ended.at} />: {each.ended.reason}
                        </p>
                      )}
                    </div>
                    {each.dead > 0 && <Flag tone="amber">{each.dead} not delivered</Flag>}
                    {each.ended === null && (
                      <Button
                        size="sm"
                        busy={verify.isPending && verify.variables?.params.subscription === each.id}
                        onClick={() => verify.mutate({ params: { subscription: each.id }, body: {} })}
                        aria-label={`Send a test to ${each.name}`}
                      >
                        Send a test
                      </Button>
                    )}
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
        {verify.error && <Trouble error={verify.error} />}
      </Section>
      {(list.data?.subscriptions.length ?? 0) > 0 && <Deliveries />}
      {open === 'new' && <Subscribe onClose={() => setOpen(null)} />}
      {open !== null && open !== 'new' && <End subscription={open} onClose={() => setOpen(null)} />}
    </>
  );
}

const STATES: Record<Delivery['state'], { word: string; tone: 'moss' | 'amber' | 'plain' }> = {
  made: { word: 'arrived', tone: 'moss' },
  waiting: { word: 'tried again', tone: 'plain' },
  dead: { word: 'given up', tone: 'amber' },
};

function Deliveries() {
  const list = useAsk(links.deliveries, { query: { limit: '20' } }, { every: 3_000 });
  const again = useAct(links.again, { refreshes: REFRESHES });
  return (
    <Section title="What was sent">
      <Shown of={list}>
        {({ deliveries }) =>
          deliveries.length === 0 ? (
            <Empty title="Nothing was sent yet">The next incident will be.</Empty>
          ) : (
            <Rows label="Deliveries">
              {deliveries.map((each) => (
                <li key={each.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
                  <div className="min-w-0 flex-1 basis-52">
                    <p>
                      <span className="font-mono text-xs">{each.about}</span> {EVENT_WORDS[each.event].toLowerCase()}
                    </p>
                    <p className="text-xs text-ink-3">
                      <Ago at={each.at} />
                      {each.attempts > 0 &&
                        ` · ${each.attempts === 1 ? 'one try' : `${each.attempts} tries`}: ${each.last}`}
                    </p>
                  </div>
                  <Flag tone={STATES[each.state].tone}>
                    {each.state === 'waiting' && each.attempts === 0 ? 'on its way' : STATES[each.state].word}
                  </Flag>
                  {each.state === 'dead' && (
                    <Button
                      size="sm"
                      busy={again.isPending}
                      onClick={() => again.mutate({ params: { delivery: each.id } })}
                      aria-label={`Send ${each.about} again`}
                    >
                      Send again
                    </Button>
                  )}
                </li>
              ))}
            </Rows>
          )
        }
      </Shown>
      {again.error && <Trouble error={again.error} />}
    </Section>
  );
}

function Subscribe({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [as, setAs] = useState<Subscription['as']>('webhook');
  const [audience, setAudience] = useState('');
  const [authorization, setAuthorization] = useState('');
  const [chosen, setEvents] = useState<Subscription['events']>([...TOLD_EVENTS]);
  const offered: Subscription['events'] = as === 'set' ? [...SET_EVENTS] : [...TOLD_EVENTS];
  const events = chosen.filter((event) => offered.includes(event));
  const make = useAct(links.subscribe, {
    refreshes: REFRESHES,
    done: ({ secret }) => secret === null && onClose(),
  });
  const told = make.error ? tell(make.error) : null;
  if (make.data?.secret)
    return (
      <Once
        title={`The secret of “${make.data.subscription.name}”`}
        about="Shown only now. The receiver verifies with it that what it hears comes from here (Standard Webhooks, HMAC-SHA256)."
        secret={make.data.secret}
        onClose={onClose}
      />
    );
  return (
    <Dialog
      title="Tell another tool"
      about={
        as === 'webhook'
          ? 'Label, title, severity, state and systems are sent; never a prompt, an answer or a person.'
          : 'Which agent, and why somebody revoked it. The receiver verifies each token with the key at /ssf/jwks.'
      }
      onClose={onClose}
      onSubmit={() =>
        make.mutate({
          body: {
            name,
            url,
            events,
            as,
            ...(as === 'set' && {
              ...(audience !== '' && { audience }),
              ...(authorization !== '' && { authorization }),
            }),
          },
        })
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={make.isPending} disabled={events.length === 0}>
            Begin
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Choice
          legend="How"
          name="how"
          columns={2}
          value={as}
          onPick={setAs}
          options={[
            { value: 'webhook', label: 'Webhook', hint: 'JSON, signed with a secret. For tickets, pages, chat.' },
            {
              value: 'set',
              label: 'Security Event Tokens',
              hint: 'CAEP, pushed. For identity providers and gateways that end sessions.',
            },
          ]}
        />
        <Input
          label="Name"
          value={name}
          onText={setName}
          required
          placeholder="Jira, project OPS"
          error={told?.fields.name}
        />
        <Input
          label="Address it is told at"
          value={url}
          onText={setUrl}
          required
          inputMode="url"
          placeholder="https://hooks.example.com/firebreak"
          error={told?.fields.url}
        />
        {as === 'set' && (
          <>
            <Input
              label="Whom the tokens are for"
              hint="aud: as the receiver names itself"
              value={audience}
              onText={setAudience}
              required
              placeholder="https://idp.example.com/ssf"
              error={told?.fields.audience}
            />
            <Input
              label="Authorization header"
              hint="as the receiver asks for it; never shown again"
              optional
              value={authorization}
              onText={setAuthorization}
              autoComplete="off"
              placeholder="Bearer …"
              error={told?.fields.authorization}
            />
          </>
        )}
        <fieldset>
          <legend className="mb-1 font-[600]">When</legend>
          {offered.map((event) => (
            <Check
              key={event}
              label={EVENT_WORDS[event]}
              hint={<span className="font-mono">{event}</span>}
              checked={events.includes(event)}
              onCheck={(on) => setEvents(on ? [...events, event] : events.filter((each) => each !== event))}
            />
          ))}
        </fieldset>
        {make.error && <Trouble error={make.error} />}
      </div>
    </Dialog>
  );
}

function End({ subscription, onClose }: { subscription: Subscription; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const end = useAct(links.unsubscribe, { refreshes: REFRESHES, done: onClose });
  return (
    <Dialog
      title={`End “${subscription.name}”?`}
      about="It is told nothing more, and its secret is forgotten. What was sent stays in the record."
      onClose={onClose}
      width="narrow"
      onSubmit={() => end.mutate({ params: { subscription: subscription.id }, body: { reason } })}
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
