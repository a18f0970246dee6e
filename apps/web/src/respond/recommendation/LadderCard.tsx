import { containment } from '@firebreak/contract/respond/containment';
import { type Recommendation, type RecommendedOrder, recommendation } from '@firebreak/contract/respond/recommendation';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { useMay } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { Button, buttonClass } from '../../ui/Button.tsx';
import { Section } from '../../ui/Card.tsx';
import { usePullNeeds } from '../decision-rights/index.ts';
import { giveOrder } from './give-order.ts';
import { Ladder } from './Ladder.tsx';
import { meetsWords, orderTitle } from './words.ts';

/** Where an incident stands on the ladder of one system, and one press to the next heavier rung. */
export function LadderCard({ incident, system }: { incident: string; system: string }) {
  const navigate = useNavigate();
  const advice = useAsk(recommendation.show, { body: { incident, system } }, { every: 10_000 }).data;
  if (!advice) return null;
  if (advice.present === null || advice.byHand)
    return (
      <Section title={`What to do about ${advice.system.name}`}>
        <Link
          to="/contain/$about"
          params={{ about: incident }}
          search={{ system }}
          className={`${buttonClass('plain', 'lg')} w-full whitespace-normal!`}
        >
          {advice.pick === null || advice.byHand
            ? 'Nothing can stop it from here: what to do'
            : 'Be led to the right order'}
        </Link>
      </Section>
    );
  const held = advice.ladder.filter((rung) => rung.held !== null);
  const heaviest = held.at(-1);
  // Heavier is not always more: what prevents more than the heaviest stays, whatever it weighs.
  const lighter = held
    .slice(0, -1)
    .filter(({ prevents }) => prevents.share <= heaviest!.prevents.share)
    .map((rung) => rung.held!.label);
  const next = advice.ladder.find(({ lever }) => lever === advice.next);
  return (
    <Section title={`Lighter and heavier, for ${advice.system.name}`}>
      <Ladder
        advice={advice}
        picked={null}
        onPick={(lever) =>
          void navigate({ to: '/contain/$about', params: { about: incident }, search: { system, lever } })
        }
      />
      {lighter.length > 0 && (
        <p className="mt-2 text-xs text-ink-2">
          {heaviest?.held?.confirmed
            ? `${heaviest.held.label} is confirmed: ${lighter.join(' and ')} may be lifted, by somebody else than ordered it.`
            : `${lighter.join(' and ')} stays until ${heaviest?.held?.label} is confirmed.`}
        </p>
      )}
      {next && <Heavier advice={advice} next={next} />}
      <Link
        to="/contain/$about"
        params={{ about: incident }}
        search={{ system }}
        className="prose-link mt-2 inline-flex min-h-6 items-center text-sm max-phone:min-h-11"
      >
        Answer the three questions again
      </Link>
    </Section>
  );
}

/** The next rung, ordered with one press: what it meets is said beside the button, and what is held stays. */
function Heavier({ advice, next }: { advice: Recommendation; next: RecommendedOrder }) {
  const may = useMay('containment.order');
  const [doing, setDoing] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const aim = next.control === null ? { system: advice.system.key, what: next.what! } : { control: next.control };
  const preview = useAsk(containment.preview, { body: aim });
  const needs = usePullNeeds(advice.system.key, aim);
  // One press is not enough where something has to be answered first.
  const blocked =
    preview.data?.conflict != null ||
    preview.data?.words?.secondLook === true ||
    needs.typed ||
    needs.second === 'before';
  const give = async (): Promise<void> => {
    if (!preview.data || doing) return;
    setDoing(true);
    setError(null);
    try {
      await giveOrder(advice, next, {
        reason: `Heavier than ${advice.ladder.findLast(({ held }) => held !== null)?.held?.label}: ${advice.title}`,
        preview: preview.data,
        takeOver: false,
        needs,
        typed: '',
        declared: null,
        onDeclared: () => {},
      });
    } catch (failure) {
      setError(failure);
      await preview.refetch();
    } finally {
      setDoing(false);
    }
  };
  if (blocked)
    return (
      <Link
        to="/contain/$about"
        params={{ about: advice.incident?.label ?? advice.system.key }}
        search={{ lever: next.lever, system: advice.system.key }}
        className={`${buttonClass('brake', 'lg')} mt-2 w-full whitespace-normal!`}
      >
        Look at the next heavier: {orderTitle(next).toLowerCase()}
      </Link>
    );
  return (
    <div className="mt-2 grid gap-2">
      <Button
        look="brake"
        size="lg"
        busy={doing}
        disabled={!may || !preview.data}
        onClick={() => void give()}
        className="w-full whitespace-normal!"
      >
        {doing ? 'Ordering …' : `Go heavier: ${next.says ?? next.title.toLowerCase()}`}
      </Button>
      <p className="text-xs text-ink-2">{meetsWords(next.meets)} What is held stays.</p>
      {error !== null && <Trouble error={error} />}
    </div>
  );
}
