import { containment, type HoldRow } from '@firebreak/contract/respond/containment';
import { type Recommendation, type RecommendedOrder, recommendation } from '@firebreak/contract/respond/recommendation';
import { ARCHETYPES, type Archetype } from '@firebreak/core/detect/signals';
import type { LeverName } from '@firebreak/core/respond/containment';
import { weigh } from '@firebreak/core/respond/recommendation';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useState } from 'react';
import { useActions } from '../../app/actions.tsx';
import { isCode } from '../../app/api.ts';
import { useAsk } from '../../app/ask.ts';
import { useTitle } from '../../app/Page.tsx';
import { useMay, useMe } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { ARCHETYPE_WORDS } from '../../detect/archetypes/index.ts';
import { Button } from '../../ui/Button.tsx';
import { Section } from '../../ui/Card.tsx';
import { Input, Select } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PreviewNote, ReachChanged } from '../containment/index.ts';
import { PullNeeds, usePullNeeds } from '../decision-rights/index.ts';
import { ByHand } from './ByHand.tsx';
import { Given } from './Given.tsx';
import { giveOrder } from './give-order.ts';
import { Ladder } from './Ladder.tsx';
import { type Answers, Steps } from './Steps.tsx';
import { Weighing, type Worth } from './Weighing.tsx';
import { aboutOf, meetsWords, orderTitle, READINESS, takenWords } from './words.ts';

const WHOLE = '*';

/** The decision tree as one screen: what is known answers it, and it ends in one order under the thumb. */
export function GuidePage() {
  const { about: named } = useParams({ from: '/shell/contain/$about' });
  const { system, lever } = useSearch({ from: '/shell/contain/$about' });
  return <Guide key={`${named} ${system ?? ''}`} named={named} system={system} lever={lever} />;
}

function Guide({ named, system, lever }: { named: string; system: string | undefined; lever: LeverName | undefined }) {
  const [answers, setAnswers] = useState<Answers>({});
  const [feature, setFeature] = useState<string | null>(null);
  const [archetype, setArchetype] = useState<Archetype | null>(null);
  const [worth, setWorth] = useState<Partial<Worth>>({});
  const [picked, setPicked] = useState<LeverName | null>(lever ?? null);
  const [given, setGiven] = useState<{ readonly hold: HoldRow; readonly incident: string } | null>(null);
  const read = useAsk(
    recommendation.show,
    {
      body: {
        ...aboutOf(named),
        ...(system !== undefined && { system }),
        answers,
        ...(feature !== null && { feature: feature === WHOLE ? null : feature }),
        ...(archetype !== null && { archetype }),
        ...(Object.keys(worth).length > 0 && { worth }),
      },
    },
    { placeholder: (before) => before },
  );
  useTitle('What can stop it');
  const it = read.data;
  return (
    <>
      <header className="border-b border-line bg-surface px-4 py-3 phone:px-6">
        <p className="text-xs text-ink-3">{it && <Back of={it} />}</p>
        <h1 className="text-lg font-[640]">{it?.title ?? 'What can stop it'}</h1>
        {it && it.systems.length > 0 && (
          <p className="text-xs text-ink-2">
            It is about other systems too:{' '}
            {it.systems.map((each) => (
              <Link
                key={each}
                to="/contain/$about"
                params={{ about: named }}
                search={{ system: each }}
                className="prose-link mr-2 inline-flex min-h-11 items-center"
              >
                {each}
              </Link>
            ))}
          </p>
        )}
      </header>
      <main id="main" tabIndex={-1} className="p-4 pb-28 outline-none phone:p-6">
        <Shown of={read} lines={8}>
          {(advice) =>
            given ? (
              <div className="max-w-2xl">
                <Given {...given} />
              </div>
            ) : (
              <div className="grid items-start gap-x-6 desk:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
                {advice.byHand && (
                  <div className="col-span-full mb-5">
                    <ByHand of={advice.byHand} system={advice.system} />
                  </div>
                )}
                <div className="min-w-0">
                  <Section title="Three questions, answered from what is known">
                    <Steps steps={advice.steps} answers={answers} onAnswer={setAnswers} />
                  </Section>
                  <Where
                    advice={advice}
                    onFeature={(value) => setFeature(value)}
                    onArchetype={(value) => setArchetype(value)}
                  />
                </div>
                <div className="min-w-0">
                  <Decide
                    advice={advice}
                    picked={picked ?? advice.pick}
                    onPick={setPicked}
                    onWorth={(part) => setWorth({ ...worth, ...part })}
                    onGiven={setGiven}
                  />
                </div>
              </div>
            )
          }
        </Shown>
      </main>
    </>
  );
}

function Back({ of }: { of: Recommendation }) {
  const look = 'inline-flex min-h-6 items-center gap-1.5 hover:underline max-phone:min-h-11';
  const arrow = <ArrowLeft size={14} aria-hidden="true" />;
  const { incident, candidate, system } = of;
  if (incident)
    return (
      <Link to="/incidents/$incident" params={{ incident: incident.label }} className={look}>
        {arrow}
        {incident.label} · {system.name}
      </Link>
    );
  if (candidate)
    return (
      <Link to="/candidates/$candidate" params={{ candidate }} className={look}>
        {arrow}
        Candidate · {system.name}
      </Link>
    );
  return (
    <Link to="/systems/$system" params={{ system: system.key }} className={look}>
      {arrow}
      {system.name}
    </Link>
  );
}

/** What Firebreak may be wrong about, open to change in place. */
function Where({
  advice,
  onFeature,
  onArchetype,
}: {
  advice: Recommendation;
  onFeature: (feature: string) => void;
  onArchetype: (archetype: Archetype) => void;
}) {
  return (
    <Section title="What it is taken for">
      <div className="grid gap-3 phone:grid-cols-2">
        <Select
          label="Where it goes wrong"
          className="min-h-11"
          value={advice.feature ?? WHOLE}
          onText={onFeature}
          hint={advice.featureFrom === 'candidate' ? 'As the signals say.' : undefined}
          options={[
            { value: WHOLE, label: 'Everywhere, or not known' },
            ...advice.system.features.map(({ key, name }) => ({ value: key, label: name })),
          ]}
        />
        <Select
          label="Kind of failure"
          className="min-h-11"
          value={advice.archetype ?? ''}
          onText={(value) => onArchetype(value as Archetype)}
          options={[
            ...(advice.archetype === null ? [{ value: '', label: 'Nobody has said' }] : []),
            ...ARCHETYPES.map((each) => ({ value: each, label: ARCHETYPE_WORDS[each] })),
          ]}
        />
      </div>
    </Section>
  );
}

function Decide({
  advice,
  picked,
  onPick,
  onWorth,
  onGiven,
}: {
  advice: Recommendation;
  picked: LeverName | null;
  onPick: (lever: LeverName) => void;
  onWorth: (worth: Partial<Worth>) => void;
  onGiven: (given: { hold: HoldRow; incident: string }) => void;
}) {
  const order = advice.ladder.find(({ lever, held }) => lever === picked && held === null) ?? null;
  const unsure = advice.ladder.some(({ held }) => held?.confirmed === false);
  const titles = new Map([...advice.ladder, ...advice.not].map(({ lever, title }) => [lever, title]));
  return (
    <>
      {order && (
        <Section title={picked === advice.pick ? 'Do this' : 'Do that instead'}>
          <OneOrder key={order.lever} advice={advice} order={order} onWorth={onWorth} onGiven={onGiven} />
        </Section>
      )}
      {!order && !advice.byHand && <Notice tone={unsure ? 'amber' : 'moss'} title={advice.because} className="mb-5" />}
      {advice.ladder.length > 1 && (
        <Section
          title="Lighter and heavier"
          aside={
            advice.taken.length > 0
              ? `Before: ${takenWords(advice.taken, (lever) => titles.get(lever) ?? lever)}`
              : undefined
          }
        >
          <Ladder advice={advice} picked={picked} onPick={onPick} />
        </Section>
      )}
      {advice.not.length > 0 && (
        <details className="mb-5 rounded-md border border-line bg-sunken px-3">
          <summary className="cursor-pointer py-3 text-sm">
            What cannot be ordered, and why: {advice.not.length}
          </summary>
          <ul className="grid gap-1 pb-3 text-sm">
            {advice.not.map(({ lever, title, missing }) => (
              <li key={lever}>
                <span className="font-[600]">{title}</span>{' '}
                <span className="text-xs text-ink-2">{missing.join(' ')}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** One order, filled in: what it does, what it prevents, what it costs, and the button. */
function OneOrder({
  advice,
  order: offered,
  onWorth,
  onGiven,
}: {
  advice: Recommendation;
  order: RecommendedOrder;
  onWorth: (worth: Partial<Worth>) => void;
  onGiven: (given: { hold: HoldRow; incident: string }) => void;
}) {
  const { ask } = useActions();
  const [prevented, setPrevented] = useState<number | null>(null);
  const order: RecommendedOrder =
    prevented === null
      ? offered
      : { ...offered, weighed: weigh(offered.lever, prevented, offered.meets?.goodPerHour ?? null, advice.worth) };
  const me = useMe().data;
  const may = useMay('containment.order');
  const mayDeclare = useMay('incident.declare');
  const aim = order.control === null ? { system: advice.system.key, what: order.what! } : { control: order.control };
  const preview = useAsk(containment.preview, { body: aim });
  const needs = usePullNeeds(advice.system.key, aim);
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState<string | null>(null);
  const [reason, setReason] = useState(advice.title);
  const [takeOver, setTakeOver] = useState(false);
  const [again, setAgain] = useState(false);
  const [before, setBefore] = useState<string | null>(null);
  const [declared, setDeclared] = useState<string | null>(null);
  const [doing, setDoing] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const allowed = may && (advice.incident !== null || mayDeclare);
  const ready =
    allowed &&
    reason.trim() !== '' &&
    preview.data !== undefined &&
    !preview.data.already &&
    (preview.data.conflict === null || takeOver) &&
    (!needs.typed || typed.trim() === advice.system.key) &&
    (!preview.data.words?.secondLook || again);

  const give = async (): Promise<void> => {
    if (!ready || doing || !preview.data) return;
    setDoing(true);
    setError(null);
    setBefore(null);
    try {
      let incident = advice.incident?.label ?? '';
      const hold = await giveOrder(advice, order, {
        reason: reason.trim(),
        preview: preview.data,
        takeOver,
        needs,
        typed,
        declared,
        onDeclared: (label) => {
          incident = label;
          setDeclared(label);
        },
      });
      if (hold === null) setAsked(incident);
      else onGiven({ hold, incident });
    } catch (failure) {
      if (isCode(failure, 'hold.reach-changed')) {
        setBefore(preview.data.mark);
        await preview.refetch();
      } else setError(failure);
    } finally {
      setDoing(false);
    }
  };
  if (asked !== null)
    return (
      <Notice tone="blue" title="Asked. Nothing changes until somebody else agrees" live>
        They see it on Now and in{' '}
        <Link to="/incidents/$incident" params={{ incident: asked }} className="prose-link">
          the room of {asked}
        </Link>
        ; without an answer it lapses after {needs.minutes} minutes.
      </Notice>
    );
  return (
    <div className="grid gap-3 rounded-lg border border-line bg-surface p-4">
      <div>
        <p className="flex flex-wrap items-center gap-2">
          <span className="text-base font-[640]">{orderTitle(order)}</span>
          <Flag tone={READINESS[order.readiness].tone}>{READINESS[order.readiness].says}</Flag>
        </p>
        <p className="mt-1 text-ink-2">
          {order.lever === advice.pick && `${advice.because} `}It prevents, as far as one can judge,{' '}
          {order.prevents.says}. {order.sideEffects}
        </p>
        <p className="mt-1 text-xs text-ink-2">{meetsWords(order.meets)}</p>
      </div>
      {before !== null && preview.data && <ReachChanged before={before} now={preview.data.mark} />}
      {preview.data && (
        <PreviewNote
          preview={preview.data}
          system={advice.system.name}
          takeOver={takeOver}
          onTakeOver={setTakeOver}
          again={again}
          onAgain={setAgain}
        />
      )}
      {preview.error && <Trouble error={preview.error} />}
      <Weighing order={order} about={advice} onWorth={onWorth} onPrevented={setPrevented} />
      <PullNeeds needs={needs} system={advice.system.key} typed={typed} onTyped={setTyped} />
      <Input label="Why" hint="Stands in the record." className="min-h-11" value={reason} onText={setReason} required />
      {me && !allowed && (
        <Notice tone="amber" title="Your role does not stop systems">
          Call somebody with the role responder or lead.
        </Notice>
      )}
      {advice.incident === null && (
        <p className="text-xs text-ink-2">
          No incident is declared yet: the order declares one in the same breath
          {declared && ` (${declared} was)`}, and preserves evidence first.
        </p>
      )}
      {error !== null && (
        <div className="grid gap-2">
          <Trouble error={error} />
          <Button
            size="lg"
            onClick={() =>
              ask({
                kind: 'contain',
                system: advice.system.key,
                ...((advice.incident?.label ?? declared) !== null && { incident: advice.incident?.label ?? declared! }),
                ...(order.control !== null && { control: order.control }),
              })
            }
          >
            Go on in the contain dialog
          </Button>
        </div>
      )}
      <div className="border-t border-line bg-surface p-3 max-phone:fixed max-phone:inset-x-0 max-phone:bottom-16 max-phone:z-10 phone:sticky phone:bottom-0 phone:-mx-4 phone:-mb-4 phone:rounded-b-lg">
        <Button
          look="brake"
          size="lg"
          busy={doing}
          disabled={!ready}
          onClick={() => void give()}
          className="min-h-12! w-full whitespace-normal!"
        >
          {doing
            ? 'Ordering …'
            : `${needs.second === 'before' ? 'Ask for' : 'Order'}: ${order.says ?? order.title.toLowerCase()}`}
        </Button>
      </div>
    </div>
  );
}
