const SENTENCES = [
  'The customer asked about the rules for a cancelled trip and the assistant answered from the help pages. ',
  'Items can be sent back within thirty days of delivery, and the money goes back to the card that was used. ',
  'Open the settings, choose devices, and remove the one that is not used any more. ',
];
const text = (length: number, from: number) =>
  Array.from({ length: Math.ceil(length / 90) }, (_, i) => SENTENCES[(i + from) % SENTENCES.length])
    .join('')
    .slice(0, length);

/** One interaction of about 3 KB, as an application sends it; the id makes it one of its own. */
export const interaction = (id: string, n: number) => ({
  id,
  system: 'bench-bot',
  feature: ['policy-answers', 'order-status', 'greeting'][n % 3],
  versions: { model: 'm-1-2026', modelAsked: 'm-1', prompt: 'v41' },
  provider: 'openai',
  session: `s-${n % 500}`,
  subject: `u-${n % 2_000}`,
  input: [
    { role: 'system', content: text(600, n) },
    { role: 'user', content: text(300, n + 1) },
  ],
  output: text(700, n + 1),
  retrieved: [{ id: 'returns', title: 'Returns', text: text(900, n + 1) }],
  tokens: { input: 420, output: 180 },
  latencyMs: 812.5,
  verdict: { action: 'allow' },
});
