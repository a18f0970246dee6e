import { type ExecutorOrder, executors } from '@firebreak/contract/respond/executors';
import { useAct } from '../../app/ask.ts';
import { useMay } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { span } from '../../ui/durations.ts';
import { Flag } from '../../ui/Marks.tsx';
import { sentence } from '../../ui/sentence.ts';
import { Ago } from '../../ui/Time.tsx';
import { orderWords, toldWords } from './words.ts';

const REFRESHES = ['/api/v1/executors', '/api/v1/incidents'];

function SwitchRow({ order }: { order: ExecutorOrder }) {
  const may = useMay('containment.order');
  const again = useAct(executors.again, { refreshes: REFRESHES });
  const { word, tone } = orderWords(order);
  const told = toldWords(order);
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-3 gap-y-0.5">
      <span className="min-w-0 font-[560] break-words">
        {order.name}
        {order.way === 'let-go' && <span className="font-normal text-ink-2"> · letting go</span>}
      </span>
      <Flag tone={tone}>{word}</Flag>
      <span className="col-span-2 text-xs break-words text-ink-2">
        {sentence(order.says).replace(/\.?$/, '.')}{' '}
        <span className="text-ink-3">
          <Ago at={order.changedAt} />
          {order.state === 'confirmed' && order.ms !== null && `, ${span(order.ms)} after the order`}
          {order.failures > 0 && ` · ${order.failures === 1 ? 'one try' : `${order.failures} tries`} failed`}
        </span>
      </span>
      {order.state === 'given-up' && (
        <span className="col-span-2 mt-1 rounded-sm border border-ember-line bg-ember-soft px-2.5 py-1.5 text-xs text-ink">
          <b className="text-ember">
            {order.way === 'hold' ? 'This switch does not hold.' : 'This switch was not set back.'}
          </b>{' '}
          {told}{' '}
          {may && (
            <Button
              size="sm"
              className="mt-1.5"
              busy={again.isPending}
              aria-label={`Try again: ${order.name}`}
              onClick={() =>
                again.mutate({
                  params: { executor: order.executor },
                  body: { hold: order.hold as `hld_${string}`, way: order.way },
                })
              }
            >
              Try again
            </Button>
          )}
        </span>
      )}
      {again.error && (
        <span className="col-span-2">
          <Trouble error={again.error} />
        </span>
      )}
    </li>
  );
}

/** What became of one hold at the switches of other products: ordered, confirmed or failed, and what was seen there. */
export function SwitchesOf({ hold, orders }: { hold: string; orders: readonly ExecutorOrder[] }) {
  const mine = orders.filter((order) => order.hold === hold).reverse();
  if (mine.length === 0) return null;
  // The letting go of a switch says all about it that still matters.
  const newest = mine.filter(
    ({ executor, way }) =>
      way === 'let-go' || !mine.some((other) => other.executor === executor && other.way === 'let-go'),
  );
  return (
    <section aria-label="Switches of other products" className="mt-3 border-t border-line pt-3">
      <p className="mb-1.5 font-[640]">Switches elsewhere</p>
      <ul className="grid gap-2.5">
        {newest.map((order) => (
          <SwitchRow key={`${order.executor} ${order.way}`} order={order} />
        ))}
      </ul>
    </section>
  );
}
