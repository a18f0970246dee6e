import { candidates } from '@firebreak/contract/detect/candidates';
import {
  type ChannelCoverage,
  channels,
  type DetectorState,
  type Heartbeat,
} from '@firebreak/contract/detect/channels';
import { CHANNEL_NAMES } from '@firebreak/core/prepare/inventory';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { Page } from '../../app/Page.tsx';
import { useMay } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows, Section } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Choice, Input } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import {
  BEAT_TONES,
  BEAT_WORDS,
  dayWords,
  everyWords,
  lookedWords,
  RESULT_WORDS,
  STATE_TONES,
  STATE_WORDS,
} from './words.ts';

function ExpectForm({ beat, onClose }: { beat: Heartbeat; onClose: () => void }) {
  const [how, setHow] = useState<'itself' | 'every' | 'rare'>(
    !beat.declared ? 'itself' : beat.everyMinutes === null ? 'rare' : 'every',
  );
  const [minutes, setMinutes] = useState(String(beat.everyMinutes ?? 60));
  const expect = useAct(channels.expect, { refreshes: ['/api/v1/heartbeats'], done: onClose });
  const everyMinutes = how === 'itself' ? undefined : how === 'rare' ? null : Number(minutes);
  return (
    <Dialog
      title={`How often ${beat.name} is heard`}
      about="Three missed beats are silence: it is told as a signal, and stands on Now."
      width="narrow"
      onClose={onClose}
      onSubmit={() => expect.mutate({ body: { key: beat.key, ...(everyMinutes !== undefined && { everyMinutes }) } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="strong"
            busy={expect.isPending}
            disabled={how === 'every' && !(Number(minutes) >= 1)}
          >
            Save
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Choice
          legend="It is expected"
          name="expected"
          value={how}
          options={[
            { value: 'itself', label: 'As it says of itself' },
            { value: 'every', label: 'Every so many minutes' },
            { value: 'rare', label: 'Not regularly', hint: 'Its silence means nothing.' },
          ]}
          onPick={setHow}
        />
        {how === 'every' && <Input label="Minutes" inputMode="numeric" value={minutes} onText={setMinutes} />}
        {expect.error && <Trouble error={expect.error} />}
      </div>
    </Dialog>
  );
}

/** What a detector read lately, and how often it broke off. */
function DetectorRow({ beat, of }: { beat: Heartbeat; of: DetectorState }) {
  const nothingYet = of.ranAt === null && of.missed === 0;
  return (
    <li className="px-4 py-2.5">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-[600] break-words">{beat.name}</span>
        {(of.missed === 0 || beat.state === 'silent') && (
          <Flag tone={BEAT_TONES[beat.state]}>{BEAT_WORDS[beat.state]}</Flag>
        )}
        {of.missed > 0 && (
          <Flag tone="ember">{of.missed === 1 ? 'missed the last one' : `missed the last ${of.missed}`}</Flag>
        )}
      </p>
      {nothingYet ? (
        <p className="text-xs text-ink-2">Nothing was there for it to read.</p>
      ) : (
        <p className="text-xs text-ink-2">
          {of.ranAt === null ? (
            beat.kind === 'detector' ? (
              'never read an interaction to its end'
            ) : (
              'never looked at an interaction'
            )
          ) : (
            <>
              {beat.kind === 'detector' ? 'last read an interaction' : 'last looked at one'} <Ago at={of.ranAt} />
            </>
          )}
          {of.missed === 0 && beat.kind === 'detector' && `, and ${RESULT_WORDS[of.result]}`}
          {` · ${beat.kind === 'detector' ? dayWords(of) : lookedWords(of)}`}
          {beat.lateSince && (
            <>
              {' · late since '}
              <Ago at={beat.lateSince} />
            </>
          )}
        </p>
      )}
      {(of.failed > 0 || of.missed > 0) && of.why !== null && (
        <p className="text-xs break-words text-ink-3">The last failure: {of.why}</p>
      )}
    </li>
  );
}

function BeatRow({ beat, edits }: { beat: Heartbeat; edits: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-[600] break-words">{beat.name}</span>
          <Flag tone={BEAT_TONES[beat.state]}>{BEAT_WORDS[beat.state]}</Flag>
        </p>
        <p className="text-xs text-ink-2">
          {beat.lastAt ? (
            <>
              heard <Ago at={beat.lastAt} />
            </>
          ) : (
            'never heard'
          )}
          {` · ${everyWords(beat.everyMinutes)}`}
          {beat.declared && ', as somebody said'}
          {beat.lateSince && (
            <>
              {' · late since '}
              <Ago at={beat.lateSince} />
              {beat.signal === null && ', about no system: nobody is told but here and on Now'}
            </>
          )}
        </p>
      </div>
      {edits && beat.kind !== 'detectors' && (
        <Button size="sm" aria-label={`How often: ${beat.name}`} onClick={() => setOpen(true)}>
          How often …
        </Button>
      )}
      {open && <ExpectForm beat={beat} onClose={() => setOpen(false)} />}
    </li>
  );
}

function Cell({ channel }: { channel: ChannelCoverage }) {
  return (
    <li className="min-w-0">
      <span className="block text-xs text-ink-3">{CHANNEL_NAMES[channel.channel]}</span>
      <Flag tone={STATE_TONES[channel.state]}>{STATE_WORDS[channel.state]}</Flag>
      {channel.heardAt && (
        <span className="block text-xs text-ink-3">
          <Ago at={channel.heardAt} />
        </span>
      )}
    </li>
  );
}

const DETECTOR_LISTS = [
  ['Detectors', 'detector'],
  ['What looks at the same interactions', 'onlooker'],
] as const;

/** Signals the grouping could do nothing with, and why. */
function SetAside({ edits }: { edits: boolean }) {
  const read = useAsk(candidates.setAside, {}, { every: 30_000 });
  const again = useAct(candidates.tryAgain, { refreshes: ['/api/v1/set-aside', '/api/v1/candidates'] });
  if (read.data === undefined || read.data.count === 0) return null;
  const { count, signals } = read.data;
  return (
    <Section
      title="Set aside"
      aside={
        edits && (
          <Button size="sm" busy={again.isPending} onClick={() => again.mutate({})}>
            Try again
          </Button>
        )
      }
    >
      <p className="mb-2 text-sm text-ink-2">
        {count === 1 ? 'One signal' : `${count.toLocaleString('en')} signals`} could not be grouped, and{' '}
        {count === 1 ? 'stands' : 'stand'} in no candidate. The others were.
      </p>
      {again.error && <Trouble error={again.error} />}
      <Rows label="Set aside">
        {signals.map((each) => (
          <li key={each.signal} className="border-l-4 border-l-amber px-4 py-2.5">
            <p className="break-words">{each.text}</p>
            <p className="text-xs break-words text-ink-3">
              {each.system} · {each.detector} · came <Ago at={each.receivedAt} /> · {each.why}
            </p>
          </li>
        ))}
      </Rows>
    </Section>
  );
}

/** What listens, when it was last heard, and what has gone silent. */
export function ChannelsPage() {
  const beats = useAsk(channels.heartbeats, {}, { every: 15_000 });
  const coverage = useAsk(channels.coverage, { query: {} }, { every: 30_000 });
  const edits = useMay('monitor.edit');
  const silent = beats.data?.heartbeats.filter(({ state }) => state === 'silent').length;
  return (
    <Page
      title="Channels"
      lead={
        silent === undefined
          ? ' '
          : silent === 0
            ? 'Everything that should be heard is heard.'
            : `${silent} of what should be heard ${silent === 1 ? 'is' : 'are'} silent. Silence is not the same as no news.`
      }
    >
      <Section title="Heartbeats">
        <Shown of={beats}>
          {({ heartbeats: rows }) => (
            <Rows label="Heartbeats">
              {rows
                .filter(({ detector }) => detector === undefined)
                .map((beat) => (
                  <BeatRow key={beat.key} beat={beat} edits={edits} />
                ))}
            </Rows>
          )}
        </Shown>
      </Section>
      {DETECTOR_LISTS.filter(
        ([, kind]) => kind === 'detector' || beats.data?.heartbeats.some((beat) => beat.kind === kind),
      ).map(([title, kind]) => (
        <Section key={kind} title={title}>
          <Shown of={beats}>
            {({ heartbeats: rows }) => (
              <Rows label={title}>
                {rows.flatMap((beat) =>
                  beat.detector === undefined || beat.kind !== kind
                    ? []
                    : [<DetectorRow key={beat.key} beat={beat} of={beat.detector} />],
                )}
              </Rows>
            )}
          </Shown>
        </Section>
      ))}
      <SetAside edits={edits} />
      <Section title="The six channels of each system">
        <Shown of={coverage}>
          {({ systems }) =>
            systems.length === 0 ? (
              <Empty title="No AI system is registered">Register one, and its six detection channels stand here.</Empty>
            ) : (
              <Rows label="Channels by system">
                {systems.map(({ system, name, channels: own }) => (
                  <li key={system} className="px-4 py-3">
                    <Link to="/systems/$system" params={{ system }} className="prose-link font-[600]">
                      {name}
                    </Link>
                    <ul className="mt-1.5 grid grid-cols-2 gap-x-4 gap-y-2 phone:grid-cols-3 desk:grid-cols-6">
                      {own.map((each) => (
                        <Cell key={each.channel} channel={each} />
                      ))}
                    </ul>
                  </li>
                ))}
              </Rows>
            )
          }
        </Shown>
      </Section>
    </Page>
  );
}
