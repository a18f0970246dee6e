import type { Answered, Bot } from './bot.ts';

const QUESTIONS: readonly (readonly [weight: number, question: string])[] = [
  [4, 'Can I use Larkspur on my laptop and my phone?'],
  [4, 'How many devices can I use with one subscription?'],
  [3, 'I bought a new computer. Can I sign in on both devices?'],
  [3, 'Can I add a tablet as a second device?'],
  [2, 'How can I get a refund?'],
  [2, 'How do I cancel my subscription?'],
  [1, 'Is there a price for students?'],
  [1, 'With how many people can I share a notebook?'],
  [2, 'Where is my order 48213?'],
  [1, 'When does parcel 90177 arrive?'],
  [1, 'Please cancel my order 61250.'],
  [1, 'Hello!'],
  [1, 'Good morning'],
];
const COMPLAINTS = [
  'The bot says one device per subscription. Since when? I pay for five.',
  'I was just told I may only use one device. That is not what I signed up for.',
  'Your help told me a subscription is limited to one device, is that true?',
  'One device per subscription? Then I cancel.',
];
const EVERY_MS = 700;
const AT_ONCE = 8;
const COMPLAIN_SHARE = 0.5;
const COMPLAIN_AFTER_MS = 1_500;

const pick = <T>(items: readonly T[]): T => items[Math.floor(Math.random() * items.length)]!;
const BY_WEIGHT = QUESTIONS.flatMap(([weight, question]) => Array.from({ length: weight }, () => question));

/** Simulated customers: they ask, they read, and some of those who are told something odd write to support. */
export function startCustomers(bot: Bot, serverUrl: string, feedbackKey: string): { stop(): void } {
  let running = 0;
  let next = 100;
  let stopped = false;
  const later = new Set<NodeJS.Timeout>();
  const complain = (customer: string, told: Answered): void => {
    const timer = setTimeout(() => {
      later.delete(timer);
      fetch(`${serverUrl}/api/v1/feedback`, {
        method: 'POST',
        headers: { authorization: `Bearer ${feedbackKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          system: 'support-bot',
          kind: 'comment',
          text: pick(COMPLAINTS),
          subject: customer,
          traceId: told.traceId,
          ...(told.responseId !== null && { responseId: told.responseId }),
        }),
      }).catch(() => undefined);
    }, COMPLAIN_AFTER_MS);
    later.add(timer);
  };
  const ask = async (): Promise<void> => {
    if (running >= AT_ONCE) return;
    running++;
    const customer = `customer-${next++}`;
    try {
      const told = await bot.answer({ question: pick(BY_WEIGHT), customer, session: `chat-${customer}` });
      if (!stopped && /\bone device\b/i.test(told.answer) && Math.random() < COMPLAIN_SHARE) complain(customer, told);
    } finally {
      running--;
    }
  };
  const timer = setInterval(() => void ask(), EVERY_MS);
  return {
    stop() {
      stopped = true;
      clearInterval(timer);
      for (const one of later) clearTimeout(one);
    },
  };
}
